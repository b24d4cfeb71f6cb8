#include "CPcap.h"
#include <errno.h>
#include <string.h>

pcap_t *clusterip_capture_open(const char *path, char *error) {
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL) {
        snprintf(error, PCAP_ERRBUF_SIZE, "%s", strerror(errno));
        return NULL;
    }
    setvbuf(file, NULL, _IOFBF, 1 << 18);
    pcap_t *capture = pcap_fopen_offline(file, error);
    if (capture == NULL && file != stdin) fclose(file);
    return capture;
}

long clusterip_capture_position(pcap_t *capture) {
    FILE *file = pcap_file(capture);
    return file == NULL ? -1 : ftell(file);
}
