#ifndef CLUSTERIP_CFLOWLINES_H
#define CLUSTERIP_CFLOWLINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Columns for flows that are read from lines: addresses and ports as numbers in host order, protocols by number. The
/// memory belongs to the caller; there is room for `room` flows, of which the first `count` are there.
struct clusterip_lines {
    uint32_t *source;
    uint32_t *destination;
    uint16_t *source_port;
    uint16_t *destination_port;
    uint8_t *transport;
    size_t room;
    size_t count;
};

/// Whether this processor has the vectors that `clusterip_read_lines` needs: AVX2, and BMI 1 and 2.
bool clusterip_lines_available(void);

/// Reads lines `tcp 10.0.0.1:1234 -> 10.0.0.2:80` and the same of UDP into columns, from the start of a block of `length`
/// bytes, until a line that is not exactly of this form, until the room is full, or until fewer than 160 bytes are left.
/// Returns how many bytes were read: whole lines with their newlines. Never reads beyond the block.
size_t clusterip_read_lines(const uint8_t *block, size_t length, struct clusterip_lines *lines);

/// What a column of a table is to a flow.
enum clusterip_role {
    CLUSTERIP_NO_ROLE,
    CLUSTERIP_TRANSPORT,
    CLUSTERIP_SOURCE_ADDRESS,
    CLUSTERIP_SOURCE_PORT_NUMBER,
    CLUSTERIP_DESTINATION_ADDRESS,
    CLUSTERIP_DESTINATION_PORT_NUMBER,
};

/// The columns of a table: a role each, as bytes, all five of which occur once.
struct clusterip_rows {
    const uint8_t *roles;
    size_t columns;
    uint8_t separator;
    /// The longest line that is read, in bytes without its newline.
    long longest;
};

/// Reads rows of a table into columns until one is not exactly of this form, until the room is full, or until the last
/// newline of a block. In quotation marks, with blanks around values, of other protocols or of IPv6 it is not.
/// `ends` has room for as many numbers as there are flows to be read, and takes the offset behind each row. Returns how
/// many bytes were read. Never reads beyond the block.
size_t clusterip_read_rows(
    const uint8_t *block, size_t length, const struct clusterip_rows *rows, struct clusterip_lines *lines,
    uint32_t *ends);

/// Reads entries of connection tracking, of TCP and UDP without counters, as the functions above; what stands behind the
/// ports, such as the mark, is passed over.
size_t clusterip_read_entries(const uint8_t *block, size_t length, struct clusterip_lines *lines);

/// Asks for the cache line of an address that is about to be read and written.
static inline void clusterip_prefetch(const void *address)
{
    __builtin_prefetch(address, 1);
}

#endif
