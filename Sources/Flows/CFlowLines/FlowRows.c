// Reads rows of tables and entries of connection tracking that have exactly the usual form, byte by byte. The newline
// that ends a line is found first, and stops every loop.

#include "CFlowLines.h"
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

INLINE bool is_digit(uint8_t byte)
{
    return (uint8_t)(byte - '0') <= 9;
}

/// Reads a number of one to three digits without a leading zero, at most 255; returns what follows it, or null.
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

/// Reads a dotted quad; returns what follows it, or null.
INLINE const uint8_t *address(const uint8_t *text, uint32_t *value)
{
    *value = 0;
    for (int part = 0; part < 4; part++) {
        if (part > 0 && *text++ != '.')
            return NULL;
        text = octet(text, value);
        if (text == NULL)
            return NULL;
    }
    return text;
}

/// Reads a port of one to five digits; returns what follows it, or null.
INLINE const uint8_t *port(const uint8_t *text, uint16_t *value)
{
    uint32_t number = 0;
    int count = 0;
    while (count < 6 && is_digit(text[count]))
        number = number * 10 + (text[count++] - '0');
    *value = (uint16_t)number;
    return count == 0 || count > 5 || number > 65535 ? NULL : text + count;
}

/// Reads the name or number of TCP or UDP; returns what follows it, or null.
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

/// A flow while it is read.
struct flow {
    uint32_t source, destination;
    uint16_t source_port, destination_port;
    uint8_t transport;
};

INLINE void put(const struct clusterip_lines *lines, size_t index, const struct flow *flow)
{
    lines->source[index] = flow->source;
    lines->destination[index] = flow->destination;
    lines->source_port[index] = flow->source_port;
    lines->destination_port[index] = flow->destination_port;
    lines->transport[index] = flow->transport;
}

/// Reads a row whose newline is at `end`; false when it is not of the form.
INLINE bool read_row(const uint8_t *text, const uint8_t *end, const struct clusterip_rows *rows, struct flow *flow)
{
    const uint8_t separator = rows->separator;
    for (size_t column = 0; column < rows->columns; column++) {
        switch (rows->roles[column]) {
        case CLUSTERIP_TRANSPORT:
            text = transport(text, &flow->transport);
            break;
        case CLUSTERIP_SOURCE_ADDRESS:
            text = address(text, &flow->source);
            break;
        case CLUSTERIP_SOURCE_PORT_NUMBER:
            text = port(text, &flow->source_port);
            break;
        case CLUSTERIP_DESTINATION_ADDRESS:
            text = address(text, &flow->destination);
            break;
        case CLUSTERIP_DESTINATION_PORT_NUMBER:
            text = port(text, &flow->destination_port);
            break;
        default:
            while (*text != separator && *text != '\n' && *text != '"')
                text++;
        }
        if (text == NULL)
            return false;
        if (column + 1 < rows->columns) {
            if (*text++ != separator)
                return false;
        } else if (*text == '\r') {
            text++;
        }
    }
    return text == end;
}

size_t clusterip_read_rows(
    const uint8_t *block, size_t length, const struct clusterip_rows *rows, struct clusterip_lines *lines,
    uint32_t *ends)
{
    const struct clusterip_lines columns = *lines;
    size_t offset = 0, count = columns.count;
    while (count < columns.room && offset < length) {
        const uint8_t *line = block + offset;
        const uint8_t *end = memchr(line, '\n', length - offset);
        struct flow flow = {0};
        if (end == NULL || end - line > rows->longest || !read_row(line, end, rows, &flow))
            break;
        put(&columns, count, &flow);
        offset = (size_t)(end - block) + 1;
        ends[count++ - columns.count] = (uint32_t)offset;
    }
    lines->count = count;
    return offset;
}

/// Skips a text that must stand there; returns what follows it, or null.
#define SKIP(text, what) (memcmp(text, what, sizeof what - 1) == 0 ? (text) + sizeof what - 1 : NULL)

/// Whether what stands behind the ports has no mark, or one that is a number, and nothing else that might be one.
INLINE bool has_good_mark(const uint8_t *text, const uint8_t *end)
{
    const uint8_t *mark = memchr(text, 'm', (size_t)(end - text));
    if (mark == NULL)
        return true;
    if (end - mark < 6 || memcmp(mark - 1, " mark=", 6) != 0)
        return false;
    uint64_t number = 0;
    const uint8_t *digit = mark + 5;
    while (is_digit(*digit) && digit - mark < 16)
        number = number * 10 + (*digit++ - '0');
    return digit > mark + 5 && number <= 0xffffffff && (*digit == ' ' || digit == end)
        && memchr(digit, 'm', (size_t)(end - digit)) == NULL;
}

/// Reads an entry of TCP or UDP without counters, of which at least 192 bytes are there; returns what stands behind the
/// ports, or null when it is not of the form.
INLINE const uint8_t *read_entry(const uint8_t *text, struct flow *flow)
{
    if (memcmp(text, "ipv4     2 ", 11) == 0)
        text += 11;
    if (memcmp(text, "tcp      6 ", 11) == 0) {
        flow->transport = 6;
        text += 11;
    } else if (memcmp(text, "udp      17 ", 12) == 0) {
        flow->transport = 17;
        text += 12;
    } else {
        return NULL;
    }
    int digits = 0;
    while (digits < 11 && is_digit(text[digits]))
        digits++;
    text += digits;
    if (digits == 0 || *text++ != ' ')
        return NULL;
    if (memcmp(text, "ESTABLISHED ", 12) == 0) {
        text += 12;
    } else if (*text >= 'A' && *text <= 'Z') {
        const uint8_t *most = text + 16;
        while (text < most && ((*text >= 'A' && *text <= 'Z') || *text == '_' || is_digit(*text)))
            text++;
        if (*text++ != ' ')
            return NULL;
    }
    if ((text = SKIP(text, "src=")) == NULL || (text = address(text, &flow->source)) == NULL)
        return NULL;
    if ((text = SKIP(text, " dst=")) == NULL || (text = address(text, &flow->destination)) == NULL)
        return NULL;
    if ((text = SKIP(text, " sport=")) == NULL || (text = port(text, &flow->source_port)) == NULL)
        return NULL;
    if ((text = SKIP(text, " dport=")) == NULL || (text = port(text, &flow->destination_port)) == NULL)
        return NULL;
    return text[0] == ' ' && (text[1] == 's' || text[1] == '[') ? text : NULL;
}

size_t clusterip_read_entries(const uint8_t *block, size_t length, struct clusterip_lines *lines)
{
    enum { REACH = 192, LONGEST = 65536 };
    const struct clusterip_lines columns = *lines;
    size_t offset = 0, count = columns.count;
    while (count < columns.room && length - offset >= REACH) {
        const uint8_t *line = block + offset;
        struct flow flow = {0};
        const uint8_t *rest = read_entry(line, &flow);
        const uint8_t *end = rest == NULL ? NULL : memchr(rest, '\n', length - (size_t)(rest - block));
        if (end == NULL || end - line > LONGEST || !has_good_mark(rest, end))
            break;
        put(&columns, count++, &flow);
        offset = (size_t)(end - block) + 1;
    }
    lines->count = count;
    return offset;
}
