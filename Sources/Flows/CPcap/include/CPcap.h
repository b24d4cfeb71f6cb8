// libpcap for Swift, with what its macros hide.
#ifndef CLUSTERIP_CPCAP_H
#define CLUSTERIP_CPCAP_H

#include <pcap/pcap.h>
#include <stdio.h>

/// A saved capture with the buffer that it is read through.
struct clusterip_capture;

/// Opens a saved capture, "-" for standard input; NULL and a text of at most PCAP_ERRBUF_SIZE bytes when it cannot be
/// read. Close it with `clusterip_capture_close`.
struct clusterip_capture *clusterip_capture_open(const char *path, char *error);

/// What libpcap knows the capture by; it is gone when the capture is closed.
pcap_t *clusterip_capture_pcap(struct clusterip_capture *opened);

/// Where reading stands, in bytes; -1 when that cannot be told.
long clusterip_capture_position(struct clusterip_capture *opened);

/// Closes a capture.
void clusterip_capture_close(struct clusterip_capture *opened);

#endif
