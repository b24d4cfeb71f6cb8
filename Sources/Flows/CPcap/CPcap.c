#include "CPcap.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTES = 1 << 16 };

struct clusterip_capture {
    pcap_t *capture;
    /// glibc takes the size that setvbuf is given only together with a buffer.
    char buffer[BUFFER_BYTES];
};

struct clusterip_capture *clusterip_capture_open(const char *path, char *error)
{
    struct clusterip_capture *opened = malloc(sizeof *opened);
    FILE *file = opened == NULL ? NULL : strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL) {
        snprintf(error, PCAP_ERRBUF_SIZE, "%s", strerror(errno));
        free(opened);
        return NULL;
    }
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
    free(opened);
}
