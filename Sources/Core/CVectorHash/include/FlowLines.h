#ifndef CLUSTERIP_FLOWLINES_H
#define CLUSTERIP_FLOWLINES_H

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

#endif
