// One instance of the loops for one vector width. Before including, define TARGET as the attribute that selects the
// instructions, LANES as the number of flows in a turn (two vectors keep the processor busier than one), and PLACE as the name of the function that is defined here.

typedef uint32_t PASTE(PLACE, _words) __attribute__((vector_size(LANES * 4)));
typedef uint64_t PASTE(PLACE, _longs) __attribute__((vector_size(LANES * 4)));
typedef uint16_t PASTE(PLACE, _ports) __attribute__((vector_size(LANES * 2)));
#define WORDS PASTE(PLACE, _words)
#define LONGS PASTE(PLACE, _longs)
#define PORTS PASTE(PLACE, _ports)

/// Ports as words, their bytes swapped if asked.
static inline __attribute__((always_inline)) TARGET void PASTE(PLACE, _load)(
    const uint16_t *ports, bool swapped, WORDS *words)
{
    PORTS value;
    __builtin_memcpy(&value, ports, sizeof value);
    if (swapped)
        value = value << 8 | value >> 8;
    *words = __builtin_convertvector(value, WORDS);
}

/// One loop: everything but the batch is known when it is compiled, so that its body has no branch. Returns how many
/// flows were placed; the rest is less than a vector.
static inline __attribute__((always_inline)) TARGET size_t PASTE(PLACE, _loop)(
    const struct clusterip_batch *batch, size_t i, enum clusterip_words words, bool lookup2, bool is_wide, bool streams)
{
    const bool has_source_port = words >= CLUSTERIP_SOURCE_PORT, has_ports = words >= CLUSTERIP_SOURCE_PORTS;
    const bool swaps = words == CLUSTERIP_SOURCE_PORT_SWAPPED || words == CLUSTERIP_SOURCE_PORTS_SWAPPED;
    const uint32_t start_a = batch->start[0], start_b = batch->start[1], start_c = batch->start[2];
    const uint64_t nodes = batch->nodes;
    const size_t count = batch->count;

    for (; count - i >= LANES; i += LANES) {
        WORDS a, b = {0}, c = {0};
        __builtin_memcpy(&a, batch->source + i, sizeof a);
        if (words == CLUSTERIP_SOURCE_SWAPPED)
            a = a << 24 | (a & 0xff00) << 8 | (a >> 8 & 0xff00) | a >> 24;
        if (has_source_port)
            PASTE(PLACE, _load)(batch->source_port + i, swaps, &b);
        if (has_ports)
            PASTE(PLACE, _load)(batch->destination_port + i, swaps, &c);
        a += start_a;
        b += start_b;
        c += start_c;
        if (lookup2)
            LOOKUP2_MIX(a, b, c);
        else
            LOOKUP3_FINAL(a, b, c);
        // (c * nodes) >> 32 for the even lanes and for the odd ones, as 64-bit products.
        const LONGS pairs = (LONGS)c;
        const LONGS even = (pairs & 0xffffffff) * nodes >> 32, odd = (pairs >> 32) * nodes;
        const WORDS buckets = (WORDS)(even | (odd & 0xffffffff00000000)) + 1;
        if (is_wide && streams) {
            __builtin_nontemporal_store(buckets, (WORDS *)(batch->wide + i));
        } else if (is_wide) {
            __builtin_memcpy(batch->wide + i, &buckets, sizeof buckets);
        } else {
            const PORTS narrow = __builtin_convertvector(buckets, PORTS);
            if (streams)
                __builtin_nontemporal_store(narrow, (PORTS *)(batch->narrow + i));
            else
                __builtin_memcpy(batch->narrow + i, &narrow, sizeof narrow);
        }
    }
    return i;
}

/// Places the flows from an index on; returns the index of the first that is left.
TARGET static size_t PLACE(const struct clusterip_batch *batch, size_t first, bool streams)
{
#define CASE(words)                                                                                                    \
    case words:                                                                                                        \
        if (batch->lookup2 && batch->wide)                                                                             \
            return PASTE(PLACE, _loop)(batch, first, words, true, true, false);                                        \
        if (batch->lookup2)                                                                                            \
            return PASTE(PLACE, _loop)(batch, first, words, true, false, false);                                       \
        if (batch->wide && streams)                                                                                    \
            return PASTE(PLACE, _loop)(batch, first, words, false, true, true);                                        \
        if (batch->wide)                                                                                               \
            return PASTE(PLACE, _loop)(batch, first, words, false, true, false);                                       \
        if (streams)                                                                                                   \
            return PASTE(PLACE, _loop)(batch, first, words, false, false, true);                                       \
        return PASTE(PLACE, _loop)(batch, first, words, false, false, false);
    switch (batch->words) {
        CASE(CLUSTERIP_SOURCE)
        CASE(CLUSTERIP_SOURCE_SWAPPED)
        CASE(CLUSTERIP_SOURCE_PORT)
        CASE(CLUSTERIP_SOURCE_PORT_SWAPPED)
        CASE(CLUSTERIP_SOURCE_PORTS)
        CASE(CLUSTERIP_SOURCE_PORTS_SWAPPED)
    }
#undef CASE
    return first;
}

#undef WORDS
#undef LONGS
#undef PORTS
#undef TARGET
#undef LANES
#undef PLACE
