// One instance of the loops for one vector width. Before including, define TARGET as the attribute that selects the
// instructions and PLACE as the name of the function that is defined here.

#define ROTATE(word, bits) ((word) << (bits) | (word) >> (32 - (bits)))

/// One loop: everything but the batch is known when it is compiled, so that its body has no branch.
static inline __attribute__((always_inline)) TARGET void PASTE(PLACE, _loop)(
    const struct clusterip_batch *batch, enum clusterip_words words, bool lookup2, bool is_wide)
{
    const uint32_t *restrict source = batch->source;
    const uint16_t *restrict source_port = batch->source_port;
    const uint16_t *restrict destination_port = batch->destination_port;
    uint16_t *restrict narrow = batch->narrow;
    uint32_t *restrict wide = batch->wide;
    const uint32_t start_a = batch->start[0], start_b = batch->start[1], start_c = batch->start[2];
    const uint64_t nodes = batch->nodes;
    const size_t count = batch->count;

    for (size_t i = 0; i < count; i++) {
        uint32_t a = words == CLUSTERIP_SOURCE_SWAPPED ? __builtin_bswap32(source[i]) : source[i];
        uint32_t b = 0, c = 0;
        if (words == CLUSTERIP_SOURCE_PORT || words == CLUSTERIP_SOURCE_PORTS)
            b = source_port[i];
        if (words == CLUSTERIP_SOURCE_PORT_SWAPPED || words == CLUSTERIP_SOURCE_PORTS_SWAPPED)
            b = (uint16_t)(source_port[i] << 8 | source_port[i] >> 8);
        if (words == CLUSTERIP_SOURCE_PORTS)
            c = destination_port[i];
        if (words == CLUSTERIP_SOURCE_PORTS_SWAPPED)
            c = (uint16_t)(destination_port[i] << 8 | destination_port[i] >> 8);
        a += start_a;
        b += start_b;
        c += start_c;
        if (lookup2) {
            a -= b; a -= c; a ^= c >> 13;
            b -= c; b -= a; b ^= a << 8;
            c -= a; c -= b; c ^= b >> 13;
            a -= b; a -= c; a ^= c >> 12;
            b -= c; b -= a; b ^= a << 16;
            c -= a; c -= b; c ^= b >> 5;
            a -= b; a -= c; a ^= c >> 3;
            b -= c; b -= a; b ^= a << 10;
            c -= a; c -= b; c ^= b >> 15;
        } else {
            c ^= b; c -= ROTATE(b, 14);
            a ^= c; a -= ROTATE(c, 11);
            b ^= a; b -= ROTATE(a, 25);
            c ^= b; c -= ROTATE(b, 16);
            a ^= c; a -= ROTATE(c, 4);
            b ^= a; b -= ROTATE(a, 14);
            c ^= b; c -= ROTATE(b, 24);
        }
        const uint32_t bucket = (uint32_t)(c * nodes >> 32) + 1;
        if (is_wide)
            wide[i] = bucket;
        else
            narrow[i] = (uint16_t)bucket;
    }
}

TARGET static void PLACE(const struct clusterip_batch *batch)
{
#define CASE(words)                                                                                                    \
    case words:                                                                                                        \
        if (batch->lookup2 && batch->wide)                                                                             \
            PASTE(PLACE, _loop)(batch, words, true, true);                                                             \
        else if (batch->lookup2)                                                                                       \
            PASTE(PLACE, _loop)(batch, words, true, false);                                                            \
        else if (batch->wide)                                                                                          \
            PASTE(PLACE, _loop)(batch, words, false, true);                                                            \
        else                                                                                                           \
            PASTE(PLACE, _loop)(batch, words, false, false);                                                           \
        break;
    switch (batch->words) {
        CASE(CLUSTERIP_SOURCE)
        CASE(CLUSTERIP_SOURCE_SWAPPED)
        CASE(CLUSTERIP_SOURCE_PORT)
        CASE(CLUSTERIP_SOURCE_PORT_SWAPPED)
        CASE(CLUSTERIP_SOURCE_PORTS)
        CASE(CLUSTERIP_SOURCE_PORTS_SWAPPED)
    }
#undef CASE
}

#undef ROTATE
#undef TARGET
#undef PLACE
