#define _GNU_SOURCE
#include "CPcap.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 16 };

struct clusterip_capture {
    pcap_t *capture;
    /// The program that unpacks the file; 0 for none.
    pid_t unpacker;
    /// glibc takes the size that setvbuf is given only together with a buffer.
    char buffer[BUFFER_BYTES];
};

/// The program that unpacks what begins like this; null for what is not packed.
static const char *unpacker(const unsigned char *start)
{
    if (start[0] == 0x1f && start[1] == 0x8b)
        return "gzip";
    return memcmp(start, "\x28\xb5\x2f\xfd", 4) == 0 ? "zstd" : NULL;
}

/// The same file unpacked by another program, which is started; the file itself when it is not packed, or no file that
/// can be read from its start again.
static FILE *unpacked(FILE *file, pid_t *child)
{
    unsigned char start[4] = {0};
    int ends[2];
    const char *program = pread(fileno(file), start, sizeof start, 0) == sizeof start ? unpacker(start) : NULL;
    if (program == NULL || pipe2(ends, O_CLOEXEC) != 0)
        return file;
    *child = fork();
    if (*child == 0) {
        if (dup2(fileno(file), STDIN_FILENO) >= 0 && dup2(ends[1], STDOUT_FILENO) >= 0)
            execlp(program, program, "-dcq", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *plain = *child < 0 ? NULL : fdopen(ends[0], "re");
    if (plain == NULL) {
        close(ends[0]);
        return file;
    }
    if (file != stdin)
        fclose(file);
    return plain;
}

/// Waits for the program that unpacks, which has nobody to write to any more.
static void finish(pid_t child)
{
    if (child > 0)
        waitpid(child, NULL, 0);
}

struct clusterip_capture *clusterip_capture_open(const char *path, char *error)
{
    struct clusterip_capture *opened = malloc(sizeof *opened);
    FILE *file = opened == NULL ? NULL : strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL) {
        snprintf(error, PCAP_ERRBUF_SIZE, "%s", strerror(errno));
        free(opened);
        return NULL;
    }
    opened->unpacker = 0;
    file = unpacked(file, &opened->unpacker);
    setvbuf(file, opened->buffer, _IOFBF, sizeof opened->buffer);
    // libpcap reads twice for each packet, and nobody else reads from this file.
    __fsetlocking(file, FSETLOCKING_BYCALLER);
    opened->capture = pcap_fopen_offline(file, error);
    if (opened->capture != NULL)
        return opened;
    if (file != stdin)
        fclose(file);
    else
        setvbuf(file, NULL, _IONBF, 0);
    finish(opened->unpacker);
    free(opened);
    return NULL;
}

pcap_t *clusterip_capture_pcap(struct clusterip_capture *opened)
{
    return opened->capture;
}

long clusterip_capture_position(struct clusterip_capture *opened)
{
    FILE *file = pcap_file(opened->capture);
    return file == NULL ? -1 : ftell(file);
}

void clusterip_capture_close(struct clusterip_capture *opened)
{
    // libpcap leaves standard input open, which must not go on with a buffer that is gone.
    FILE *file = pcap_file(opened->capture);
    const bool stays = file == stdin;
    pcap_close(opened->capture);
    if (stays)
        setvbuf(stdin, NULL, _IONBF, 0);
    finish(opened->unpacker);
    free(opened);
}
