#include "CPeer.h"

static inline uint32_t rotate(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

static inline uint32_t bucket(uint32_t a, uint16_t sport, uint16_t dport, uint32_t seed, uint32_t nodes)
{
    uint32_t b = (uint16_t)(sport << 8 | sport >> 8), c = (uint16_t)(dport << 8 | dport >> 8);
    const uint32_t start = 0xdeadbeef + 12 + seed;
    a += start; b += start; c += start;
    c ^= b; c -= rotate(b, 14);
    a ^= c; a -= rotate(c, 11);
    b ^= a; b -= rotate(a, 25);
    c ^= b; c -= rotate(b, 16);
    a ^= c; a -= rotate(c, 4);
    b ^= a; b -= rotate(a, 14);
    c ^= b; c -= rotate(b, 24);
    return (uint32_t)((uint64_t)c * nodes >> 32) + 1;
}

void peer_place_wide(const uint32_t *restrict source, const uint16_t *restrict sport, const uint16_t *restrict dport,
                     uint32_t *restrict out, size_t count, uint32_t seed, uint32_t nodes)
{
    for (size_t i = 0; i < count; i++) out[i] = bucket(source[i], sport[i], dport[i], seed, nodes);
}

void peer_place_narrow(const uint32_t *restrict source, const uint16_t *restrict sport, const uint16_t *restrict dport,
                       uint16_t *restrict out, size_t count, uint32_t seed, uint32_t nodes)
{
    for (size_t i = 0; i < count; i++) out[i] = (uint16_t)bucket(source[i], sport[i], dport[i], seed, nodes);
}

#if defined(__x86_64__)
#define WIDEST __attribute__((target("avx2")))
#else
#define WIDEST
#endif

WIDEST void peer_shape_wide(const uint32_t *restrict source, const uint16_t *restrict sport,
                            const uint16_t *restrict dport, uint32_t *restrict out, size_t count)
{
    for (size_t i = 0; i < count; i++) out[i] = source[i] ^ sport[i] ^ dport[i];
}

WIDEST void peer_shape_narrow(const uint32_t *restrict source, const uint16_t *restrict sport,
                              const uint16_t *restrict dport, uint16_t *restrict out, size_t count)
{
    for (size_t i = 0; i < count; i++) out[i] = (uint16_t)(source[i] ^ sport[i] ^ dport[i]);
}

static const char *number(const char *p, uint32_t *value)
{
    uint32_t n = 0;
    while (*p >= '0' && *p <= '9') n = n * 10 + (uint32_t)(*p++ - '0');
    *value = n;
    return p;
}

static const char *address(const char *p, uint32_t *value)
{
    uint32_t n = 0, octet;
    for (int i = 0; i < 4; i++) {
        p = number(p, &octet);
        n = n << 8 | octet;
        p++;
    }
    *value = n;
    return p;
}

size_t peer_text(const char *text, size_t length, uint32_t seed, uint32_t nodes, uint64_t *counts)
{
    const char *p = text, *end = text + length;
    size_t lines = 0;
    while (p < end) {
        uint32_t source, destination, sport, dport;
        p = address(p + 4, &source);
        p = number(p, &sport);
        p = address(p + 4, &destination);
        p = number(p, &dport) + 1;
        counts[bucket(source, (uint16_t)sport, (uint16_t)dport, seed, nodes)]++;
        lines++;
    }
    return lines;
}
