#define _GNU_SOURCE
#include "CLab.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, strlen(text));
    int code = errno;
    close(file);
    errno = code;
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

static int become_root(uid_t user, gid_t group) {
    char map[64];
    // setgroups must be given up before an unprivileged user may map a group; see user_namespaces(7).
    if (write_file("/proc/self/setgroups", "deny") < 0 && errno != ENOENT) return -1;
    snprintf(map, sizeof map, "0 %u 1", (unsigned)user);
    if (write_file("/proc/self/uid_map", map) < 0) return -1;
    snprintf(map, sizeof map, "0 %u 1", (unsigned)group);
    return write_file("/proc/self/gid_map", map);
}

static void reset_signals(void) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

struct report {
    enum clab_stage stage;
    int code;
};

static void run_child(const char *path, char *const arguments[], int user_namespace, uid_t user, gid_t group,
                      int input, int output, int failure) {
    struct report report = {CLAB_IDENTITY, 0};
    if (!user_namespace || become_root(user, group) == 0) {
        report.stage = CLAB_EXECUTE;
        reset_signals();
        setsid();
        // Three spare copies first, so that no dup2 below overwrites a descriptor that is still needed.
        int copies[3] = {fcntl(input, F_DUPFD_CLOEXEC, 3), fcntl(output, F_DUPFD_CLOEXEC, 3),
                         open("/dev/null", O_RDWR | O_CLOEXEC)};
        for (int i = 0; i < 3; i++) {
            if (dup2(copies[i], i) < 0) break;
            // open() may have returned the very number wanted: dup2 then leaves close-on-exec set.
            fcntl(i, F_SETFD, 0);
        }
        execv(path, arguments);
    }
    report.code = errno;
    if (write(failure, &report, sizeof report) < 0) _exit(126);
    _exit(127);
}

pid_t clab_start(const char *path, char *const arguments[], int user_namespace, int input, int output,
                 enum clab_stage *stage) {
    int failure[2];
    *stage = CLAB_PREPARE;
    if (pipe2(failure, O_CLOEXEC) < 0) return -1;
    uid_t user = geteuid();
    gid_t group = getegid();
    *stage = CLAB_CLONE;
    unsigned long flags = CLONE_NEWPID | CLONE_NEWNET | (user_namespace ? CLONE_NEWUSER : 0) | SIGCHLD;
    pid_t child = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, 0);
    if (child == 0) run_child(path, arguments, user_namespace, user, group, input, output, failure[1]);
    int code = errno;
    close(failure[1]);
    struct report report;
    if (child > 0 && read(failure[0], &report, sizeof report) == (ssize_t)sizeof report) {
        *stage = report.stage;
        code = report.code;
        waitpid(child, NULL, 0);
        child = -1;
    }
    close(failure[0]);
    errno = code;
    return child;
}

int clab_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }

int clab_new_network(void) { return unshare(CLONE_NEWNET); }

static struct flock whole_file(void) {
    struct flock lock;
    memset(&lock, 0, sizeof lock);
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

int clab_lock(int descriptor) {
    struct flock lock = whole_file();
    return fcntl(descriptor, F_SETLK, &lock);
}

pid_t clab_lock_holder(int descriptor) {
    struct flock lock = whole_file();
    if (fcntl(descriptor, F_GETLK, &lock) < 0) return -1;
    return lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}

int clab_signal(int pidfd, int signal_number) { return (int)syscall(SYS_pidfd_send_signal, pidfd, signal_number, NULL, 0); }
