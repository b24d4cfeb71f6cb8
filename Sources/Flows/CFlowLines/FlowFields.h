// The parts that lines are made of: addresses, ports, protocols, numbers. Each reader returns what follows its part, or null;
// none reads beyond the first byte that does not belong to it by more than the part itself has.

#ifndef CLUSTERIP_FLOWFIELDS_H
#define CLUSTERIP_FLOWFIELDS_H

#include "CFlowLines.h"
#include <string.h>

#define INLINE static inline __attribute__((always_inline, unused))

/// Goes on behind a part that must be there; else the line is not of the form.
#define NEED(part) \
    do { \
        if ((text = (part)) == NULL) \
            return NULL; \
    } while (0)

/// Goes on behind a text that must be there.
#define SKIP(what) \
    do { \
        if (memcmp(text, what, sizeof what - 1) != 0) \
            return NULL; \
        text += sizeof what - 1; \
    } while (0)

/// How many bytes must follow a line that is compared with texts, and the longest line that is read here.
enum { SLACK = 128, LONGEST = 65536 };

/// A flow while it is read.
struct flow {
    uint32_t source, destination;
    uint16_t source_port, destination_port;
    uint8_t transport;
    uint64_t packets, bytes;
};

INLINE bool is_digit(uint8_t byte)
{
    return (uint8_t)(byte - '0') <= 9;
}

INLINE bool is_capital(uint8_t byte)
{
    return (uint8_t)(byte - 'A') <= 25;
}

/// Reads a number of one to three digits without a leading zero, at most 255.
INLINE const uint8_t *octet(const uint8_t *text, uint32_t *value)
{
    uint32_t number = (uint8_t)(text[0] - '0');
    if (number > 9)
        return NULL;
    if (!is_digit(text[1])) {
        *value = *value << 8 | number;
        return text + 1;
    }
    if (number == 0)
        return NULL;
    number = number * 10 + (text[1] - '0');
    if (!is_digit(text[2])) {
        *value = *value << 8 | number;
        return text + 2;
    }
    number = number * 10 + (text[2] - '0');
    *value = *value << 8 | number;
    return number > 255 || is_digit(text[3]) ? NULL : text + 3;
}

/// Reads a dotted quad.
INLINE const uint8_t *address(const uint8_t *text, uint32_t *value)
{
    *value = 0;
    for (int part = 0; part < 4; part++) {
        if (part > 0 && *text++ != '.')
            return NULL;
        NEED(octet(text, value));
    }
    return text;
}

/// Reads a port of one to five digits.
INLINE const uint8_t *port(const uint8_t *text, uint16_t *value)
{
    uint32_t number = 0;
    int count = 0;
    while (count < 6 && is_digit(text[count]))
        number = number * 10 + (text[count++] - '0');
    *value = (uint16_t)number;
    return count == 0 || count > 5 || number > 65535 ? NULL : text + count;
}

/// Reads `10.9.0.1:40000`, or the same with another sign between.
INLINE const uint8_t *endpoint(const uint8_t *text, uint8_t between, uint32_t *host, uint16_t *service)
{
    NEED(address(text, host));
    return *text == between ? port(text + 1, service) : NULL;
}

/// Whether a text begins so; it reads no byte behind the first that differs, so that the end of a line ends it.
INLINE bool begins(const uint8_t *text, const char *what)
{
    while (*what != 0) {
        if (*text++ != (uint8_t)*what++)
            return false;
    }
    return true;
}

/// Reads a number of up to eighteen digits.
INLINE const uint8_t *number(const uint8_t *text, uint64_t *value)
{
    uint64_t number = 0;
    int count = 0;
    while (count < 19 && is_digit(text[count]))
        number = number * 10 + (text[count++] - '0');
    *value = number;
    return count == 0 || count > 18 ? NULL : text + count;
}

/// Skips a number of up to eighteen digits.
INLINE const uint8_t *digits(const uint8_t *text)
{
    int count = 0;
    while (count < 19 && is_digit(text[count]))
        count++;
    return count == 0 || count > 18 ? NULL : text + count;
}

/// Skips one or more blanks.
INLINE const uint8_t *blanks(const uint8_t *text)
{
    if (*text != ' ')
        return NULL;
    while (*text == ' ')
        text++;
    return text;
}

/// Skips a word: anything up to a blank or the end of the line.
INLINE const uint8_t *word(const uint8_t *text)
{
    const uint8_t *start = text;
    while (*text != ' ' && *text != '\t' && *text != '\r' && *text != '\n')
        text++;
    return text == start ? NULL : text;
}

/// Skips `12:00:00`.
INLINE const uint8_t *clock_time(const uint8_t *text)
{
    for (int part = 0; part < 3; part++) {
        if (part > 0 && *text++ != ':')
            return NULL;
        if (!is_digit(text[0]) || !is_digit(text[1]))
            return NULL;
        text += 2;
    }
    return text;
}

/// Reads the name or number of TCP or UDP.
INLINE const uint8_t *transport(const uint8_t *text, uint8_t *value)
{
    if (text[0] == '6') {
        *value = 6;
        return text + 1;
    }
    if (text[0] == '1' && text[1] == '7') {
        *value = 17;
        return text + 2;
    }
    const uint8_t a = text[0] | 0x20;
    if (a != 't' && a != 'u')
        return NULL;
    const uint8_t b = text[1] | 0x20;
    if (b != (a == 't' ? 'c' : 'd') || (text[2] | 0x20) != 'p')
        return NULL;
    *value = a == 't' ? 6 : 17;
    return text + 3;
}

/// Reads the value of a role that a flow has; null for any other role.
INLINE const uint8_t *value_of(const uint8_t *text, uint8_t role, struct flow *flow)
{
    uint64_t ignored;
    switch (role) {
    case CLUSTERIP_TRANSPORT:
        return transport(text, &flow->transport);
    case CLUSTERIP_SOURCE_ADDRESS:
        return address(text, &flow->source);
    case CLUSTERIP_SOURCE_PORT_NUMBER:
        return port(text, &flow->source_port);
    case CLUSTERIP_DESTINATION_ADDRESS:
        return address(text, &flow->destination);
    case CLUSTERIP_DESTINATION_PORT_NUMBER:
        return port(text, &flow->destination_port);
    case CLUSTERIP_PACKET_COUNT:
        return number(text, &flow->packets);
    case CLUSTERIP_BYTE_COUNT:
        return number(text, &flow->bytes);
    case CLUSTERIP_ANY_NUMBER:
        NEED(number(text, &ignored));
        return ignored > 0xffffffff ? NULL : text;
    default:
        return NULL;
    }
}

INLINE void put(const struct clusterip_lines *lines, size_t index, const struct flow *flow)
{
    lines->source[index] = flow->source;
    lines->destination[index] = flow->destination;
    lines->source_port[index] = flow->source_port;
    lines->destination_port[index] = flow->destination_port;
    lines->transport[index] = flow->transport;
    if (lines->packets != NULL) {
        lines->packets[index] = flow->packets;
        lines->bytes[index] = flow->bytes;
    }
}

#endif
