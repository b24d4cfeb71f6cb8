// libpcap for Swift, with what its macros hide.
#ifndef CLUSTERIP_CPCAP_H
#define CLUSTERIP_CPCAP_H

#include <pcap/pcap.h>
#include <stdio.h>

/// Opens a saved capture, "-" for standard input, with a large buffer; NULL and a text of at most PCAP_ERRBUF_SIZE bytes
/// when it cannot be read.
pcap_t *clusterip_capture_open(const char *path, char *error);

/// Where reading a saved capture stands, in bytes; -1 when that cannot be told.
long clusterip_capture_position(pcap_t *capture);

#endif
