#include "CPcap.h"

long clusterip_capture_position(pcap_t *capture) {
    FILE *file = pcap_file(capture);
    return file == NULL ? -1 : ftell(file);
}
