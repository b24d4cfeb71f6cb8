// The mixes of the kernel's jhash, for words and for vectors of words alike. Source: include/linux/jhash.h of today and of
// 2.6.36.

#ifndef CLUSTERIP_MIXES_H
#define CLUSTERIP_MIXES_H

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

#define ROTATE(word, bits) ((word) << (bits) | (word) >> (32 - (bits)))

/// The final mix of lookup3, of words or vectors of words.
#define LOOKUP3_FINAL(a, b, c)                                                                                         \
    do {                                                                                                               \
        c ^= b; c -= ROTATE(b, 14);                                                                                    \
        a ^= c; a -= ROTATE(c, 11);                                                                                    \
        b ^= a; b -= ROTATE(a, 25);                                                                                    \
        c ^= b; c -= ROTATE(b, 16);                                                                                    \
        a ^= c; a -= ROTATE(c, 4);                                                                                     \
        b ^= a; b -= ROTATE(a, 14);                                                                                    \
        c ^= b; c -= ROTATE(b, 24);                                                                                    \
    } while (0)

/// The mix of lookup2, of words or vectors of words.
#define LOOKUP2_MIX(a, b, c)                                                                                           \
    do {                                                                                                               \
        a -= b; a -= c; a ^= c >> 13;                                                                                  \
        b -= c; b -= a; b ^= a << 8;                                                                                   \
        c -= a; c -= b; c ^= b >> 13;                                                                                  \
        a -= b; a -= c; a ^= c >> 12;                                                                                  \
        b -= c; b -= a; b ^= a << 16;                                                                                  \
        c -= a; c -= b; c ^= b >> 5;                                                                                   \
        a -= b; a -= c; a ^= c >> 3;                                                                                   \
        b -= c; b -= a; b ^= a << 10;                                                                                  \
        c -= a; c -= b; c ^= b >> 15;                                                                                  \
    } while (0)

#endif
