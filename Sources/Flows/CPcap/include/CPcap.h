// libpcap's names of link layers for Swift, and programs that unpack captures.
#ifndef CLUSTERIP_CPCAP_H
#define CLUSTERIP_CPCAP_H

#include <pcap/pcap.h>
#include <stddef.h>
#include <sys/types.h>

/// The children that unpack a capture; 0 for none.
struct clusterip_unpacker {
    /// The program that unpacks.
    pid_t program;
    /// What gives it the bytes of a pipe, of which some were read before it was known that they are packed.
    pid_t feeder;
};

/// Starts a program that unpacks (`PROGRAM -dcq`) what comes from a descriptor, from whose present place `count` bytes
/// were read already; returns the descriptor of what it unpacks, below 0 when it could not be started.
int clusterip_unpack(
    const char *program, int input, const unsigned char *start, size_t count, struct clusterip_unpacker *unpacker);

/// Waits for the children, which are ended when it is too early for their own end; returns the program's exit status, 127
/// when there is no such program, 128 when a signal ended it.
int clusterip_end_unpacking(struct clusterip_unpacker *unpacker, int early);

#endif
