#ifndef CPEER_H
#define CPEER_H

#include <stddef.h>
#include <stdint.h>

/// The hash of source, source port and destination port in a plain loop, Linux ≥ 4.1, little-endian.
void peer_place_wide(const uint32_t *source, const uint16_t *sport, const uint16_t *dport, uint32_t *out, size_t count,
                     uint32_t seed, uint32_t nodes);
void peer_place_narrow(const uint32_t *source, const uint16_t *sport, const uint16_t *dport, uint16_t *out, size_t count,
                       uint32_t seed, uint32_t nodes);

/// Reads the same columns and writes the same results without hashing: what memory allows a loop of this shape.
void peer_shape_wide(const uint32_t *source, const uint16_t *sport, const uint16_t *dport, uint32_t *out, size_t count);
void peer_shape_narrow(const uint32_t *source, const uint16_t *sport, const uint16_t *dport, uint16_t *out, size_t count);

/// Parses "tcp 10.0.0.1:1234 -> 10.0.0.2:80" lines byte by byte and counts them per bucket; returns the lines.
size_t peer_text(const char *text, size_t length, uint32_t seed, uint32_t nodes, uint64_t *counts);

#endif
