#define _GNU_SOURCE
#include "Unpack.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/// Copies what was read already, and then the rest of a descriptor, into another; never returns.
static void feed(int from, int to, const unsigned char *start, size_t count)
{
    unsigned char block[1 << 16];
    ssize_t length = (ssize_t)count;
    while (length > 0) {
        for (ssize_t written; length > 0; start += written, length -= written)
            if ((written = write(to, start, (size_t)length)) <= 0)
                _exit(1);
        start = block;
        do
            length = read(from, block, sizeof block);
        while (length < 0 && errno == EINTR);
    }
    _exit(0);
}

/// Starts a child that feeds a pipe with what was read and the rest; returns the pipe's reading end, below 0 for none.
static int fed(int input, const unsigned char *start, size_t count, pid_t *child)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    *child = fork();
    if (*child == 0) {
        close(ends[0]);
        feed(input, ends[1], start, count);
    }
    close(ends[1]);
    if (*child > 0)
        return ends[0];
    close(ends[0]);
    return -1;
}

const char *clusterip_unpacking_program(const unsigned char *start, size_t count)
{
    if (count >= 2 && start[0] == 0x1f && start[1] == 0x8b)
        return "gzip";
    return count >= 4 && memcmp(start, "\x28\xb5\x2f\xfd", 4) == 0 ? "zstd" : NULL;
}

int clusterip_unpack(
    const char *program, int input, const unsigned char *start, size_t count, struct clusterip_unpacker *unpacker)
{
    int ends[2];
    *unpacker = (struct clusterip_unpacker){0, 0};
    const int isFile = lseek(input, -(off_t)count, SEEK_CUR) >= 0;
    const int source = isFile ? input : fed(input, start, count, &unpacker->feeder);
    if (source < 0)
        return -1;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        ends[0] = ends[1] = -1;
    } else if ((unpacker->program = fork()) == 0) {
        if (dup2(source, STDIN_FILENO) >= 0 && dup2(ends[1], STDOUT_FILENO) >= 0)
            execlp(program, program, "-dcq", (char *)NULL);
        _exit(127);
    }
    if (!isFile)
        close(source);
    if (ends[1] >= 0)
        close(ends[1]);
    if (unpacker->program > 0)
        return ends[0];
    if (ends[0] >= 0)
        close(ends[0]);
    clusterip_end_unpacking(unpacker, 1);
    return -1;
}

int clusterip_end_unpacking(struct clusterip_unpacker *unpacker, int early)
{
    int status = 0;
    if (unpacker->feeder > 0)
        kill(unpacker->feeder, SIGKILL);
    if (unpacker->program > 0 && early)
        kill(unpacker->program, SIGKILL);
    for (int which = 0; which < 2; which++) {
        const pid_t child = which == 0 ? unpacker->feeder : unpacker->program;
        if (child > 0)
            while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    }
    *unpacker = (struct clusterip_unpacker){0, 0};
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
