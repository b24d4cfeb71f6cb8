#ifndef CLUSTERIP_CVECTORHASH_H
#define CLUSTERIP_CVECTORHASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What enters the hash of a flow. "Swapped" means with its bytes in the other order than the number's on the machine
/// that the flow is placed for.
enum clusterip_words {
    CLUSTERIP_SOURCE,
    CLUSTERIP_SOURCE_SWAPPED,
    CLUSTERIP_SOURCE_PORT,
    CLUSTERIP_SOURCE_PORT_SWAPPED,
    CLUSTERIP_SOURCE_PORTS,
    CLUSTERIP_SOURCE_PORTS_SWAPPED,
};

/// How wide the vectors are.
enum clusterip_width {
    /// What every processor of the architecture has: SSE2 or NEON.
    CLUSTERIP_WIDTH_BASE,
    /// AVX2, 256 bits.
    CLUSTERIP_WIDTH_AVX2,
    /// AVX-512 F, BW, DQ and VL, 512 bits.
    CLUSTERIP_WIDTH_AVX512,
};

/// A batch of flows in columns: `source` are addresses as numbers, `source_port` and `destination_port` are ports as
/// numbers, all in host order; a column that does not enter the hash is not read.
///
/// Exactly one of `narrow` and `wide` is not null and takes the buckets, 1…`nodes`.
struct clusterip_batch {
    const uint32_t *source;
    const uint16_t *source_port;
    const uint16_t *destination_port;
    uint16_t *narrow;
    uint32_t *wide;
    size_t count;
    /// The values that the three words are added to.
    uint32_t start[3];
    /// The number of buckets.
    uint32_t nodes;
    enum clusterip_words words;
    /// Whether the mix is that of lookup2, before Linux 2.6.37.
    bool lookup2;
};

/// Whether this processor has vectors of a width.
bool clusterip_width_available(enum clusterip_width width);

/// Places a batch with vectors of a width, which must be available.
void clusterip_place(const struct clusterip_batch *batch, enum clusterip_width width);

/// What a connection tells about the seed: its hash lies in a range.
struct clusterip_evidence {
    /// The three words and what they are added to, but for the seed.
    uint32_t start[3];
    /// The smallest hash that falls into the connection's bucket, and how many do; never all of them.
    uint32_t low, span;
};

/// A search for the seeds that agree with all of some connections, but for so many.
struct clusterip_search {
    const struct clusterip_evidence *evidence;
    size_t count;
    /// How many connections may disagree.
    uint32_t tolerated;
    /// Whether the seed is added to all three words (Linux 4.1 and later), or only to the third.
    bool seeds_all_words;
    /// Whether the mix is that of lookup2, before Linux 2.6.37.
    bool lookup2;
};

/// Tries `seeds` seeds from `first` on; writes those that agree to `found`, `room` at most, and returns how many agree.
size_t clusterip_search_seeds(
    const struct clusterip_search *search, uint32_t first, uint64_t seeds, uint32_t *found, size_t room,
    enum clusterip_width width);

#endif
