#define _GNU_SOURCE
#include "CTerminalGuard.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

enum { BYTES = 1024, STACK = 64 * 1024 };

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS};
enum { FATAL = sizeof fatal / sizeof fatal[0] };

static struct sigaction before[FATAL];
static struct termios modes;
static unsigned char restore[BYTES];
static size_t restore_count;
static int terminal_fd = -1;
static int error_fd = -1, capture_fd = -1;
static char *stack_memory;
static stack_t stack_before;
static volatile sig_atomic_t armed;
static int wants_backtrace;

static void write_all(int fd, const unsigned char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

// What the runtime said last ("Fatal error: …") went to the capture file; show it, without control characters.
static void replay_errors(void) {
    unsigned char part[512];
    unsigned char previous = 0;
    ssize_t count;
    if (capture_fd < 0 || error_fd < 0) return;
    dup2(error_fd, STDERR_FILENO);
    lseek(capture_fd, 0, SEEK_SET);
    while ((count = read(capture_fd, part, sizeof part)) > 0) {
        for (ssize_t i = 0; i < count; i++) {
            unsigned char byte = part[i];
            int c1 = previous == 0xC2 && byte >= 0x80 && byte < 0xA0;
            if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F || c1) part[i] = '?';
            previous = byte;
        }
        write_all(error_fd, part, (size_t)count);
    }
}

static void handle(int signal_number, siginfo_t *info, void *context) {
    int saved = errno;
    (void)context;
    if (armed) {
        armed = 0;
        write_all(terminal_fd, restore, restore_count);
        tcsetattr(terminal_fd, TCSANOW, &modes);
        replay_errors();
    }
    // Swift's own handler, where it is on, asks questions on the terminal for half a minute and prints pages. It is called
    // only for somebody who asked for it in the environment; else the signal does what it does by default.
    struct sigaction by_default;
    memset(&by_default, 0, sizeof by_default);
    by_default.sa_handler = SIG_DFL;
    for (int i = 0; i < (int)FATAL; i++) {
        if (fatal[i] == signal_number) sigaction(signal_number, wants_backtrace ? &before[i] : &by_default, NULL);
    }
    // The signal is blocked here; sent again with its own information it arrives on return, before the program goes on.
    if (syscall(SYS_rt_tgsigqueueinfo, getpid(), (pid_t)syscall(SYS_gettid), signal_number, info) != 0)
        raise(signal_number);
    errno = saved;
}

void ctg_arm(int terminal, const void *modes_before, const void *bytes, size_t count) {
    struct sigaction action;
    if (armed) return;
    memcpy(&modes, modes_before, sizeof modes);
    terminal_fd = terminal;
    wants_backtrace = getenv("SWIFT_BACKTRACE") != NULL;
    restore_count = count < BYTES ? count : BYTES;
    memcpy(restore, bytes, restore_count);
    if (!stack_memory) stack_memory = malloc(STACK);
    if (stack_memory) {
        stack_t stack = {.ss_sp = stack_memory, .ss_size = STACK};
        sigaltstack(&stack, &stack_before);
    }
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigfillset(&action.sa_mask);
    armed = 1;
    for (int i = 0; i < (int)FATAL; i++) sigaction(fatal[i], &action, &before[i]);
}

void ctg_capture(int errors, int capture) {
    error_fd = errors;
    capture_fd = capture;
}

int ctg_memory_file(void) { return memfd_create("stderr", MFD_CLOEXEC); }

void ctg_disarm(void) {
    if (!armed) return;
    armed = 0;
    for (int i = 0; i < (int)FATAL; i++) sigaction(fatal[i], &before[i], NULL);
    if (stack_memory) sigaltstack(&stack_before, NULL);
}

void ctg_restore_modes(void) {
    if (terminal_fd >= 0) tcsetattr(terminal_fd, TCSANOW, &modes);
}
