// libpcap's names of link layers for Swift.
#ifndef CLUSTERIP_CPCAP_H
#define CLUSTERIP_CPCAP_H

#include <pcap/pcap.h>

#endif
