// libpcap for Swift, with what its macros hide.
#ifndef CLUSTERIP_CPCAP_H
#define CLUSTERIP_CPCAP_H

#include <pcap/pcap.h>
#include <stdio.h>

/// Where reading a saved capture stands, in bytes; -1 when that cannot be told.
long clusterip_capture_position(pcap_t *capture);

#endif
