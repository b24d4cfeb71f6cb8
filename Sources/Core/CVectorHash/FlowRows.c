// Reads rows of tables and entries of connection tracking that have exactly the usual form, byte by byte. The newline
// that ends a line is found first, and stops every loop.

#include "FlowLines.h"
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

INLINE bool is_digit(uint8_t byte)
{
    return (uint8_t)(byte - '0') <= 9;
}

/// Four bytes of text as a number whose lowest byte is the first.
INLINE uint32_t load32(const uint8_t *from)
{
    return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

/// Eight bytes likewise.
INLINE uint64_t load64(const uint8_t *from)
{
    return load32(from) | (uint64_t)load32(from + 4) << 32;
}

/// A bit for each of eight bytes that is no digit, the first byte lowest.
INLINE uint32_t no_digits(const uint8_t *text)
{
    const uint64_t bytes = load64(text) ^ 0x3030303030303030;
    const uint64_t high = (((bytes & 0x7f7f7f7f7f7f7f7f) + 0x7676767676767676) | bytes) & 0x8080808080808080;
    // The product gathers the eight bits, none of which meet, in its highest byte.
    return (uint32_t)((high >> 7) * 0x0102040810204080 >> 56);
}

/// The number of one to three digits between two places, at most 255 and without a leading zero; sets the highest bit of
/// `bad` when it is none.
INLINE uint32_t octet_between(const uint8_t *start, const uint8_t *end, uint32_t *bad)
{
    const uint32_t length = (uint32_t)(end - start), bits = length * 8;
    // The digits stand at the upper end then, the last one uppermost, with zero bytes below; read the other way round they
    // compare like the number, and are too small with a leading zero.
    const uint32_t digits = (load32(start) ^ 0x30303030) << ((32 - bits) & 31);
    const uint32_t ordered = __builtin_bswap32(digits), least = (uint32_t)1 << (bits & 31) >> 8 & ~(uint32_t)1;
    *bad |= (length - 1) | (3 - length) | (ordered - least) | (0x020505 - ordered);
    return digits * 0x640a01 >> 24;
}

/// Reads a dotted quad of which, and behind which, 16 bytes are there, without a branch per digit; returns what follows
/// it, or null. Lengths of numbers are random, and branches on them are mispredicted.
INLINE const uint8_t *quick_address(const uint8_t *text, uint32_t *value)
{
    uint32_t ends = no_digits(text) | no_digits(text + 8) << 8 | 0xf0000;
    const uint8_t *end[4];
    for (int part = 0; part < 4; part++, ends &= ends - 1)
        end[part] = text + __builtin_ctz(ends);
    uint32_t bad = 0;
    const uint32_t a = octet_between(text, end[0], &bad), b = octet_between(end[0] + 1, end[1], &bad);
    const uint32_t c = octet_between(end[1] + 1, end[2], &bad), d = octet_between(end[2] + 1, end[3], &bad);
    const uint32_t dots = (*end[0] ^ '.') | (*end[1] ^ '.') | (*end[2] ^ '.');
    *value = a << 24 | b << 16 | c << 8 | d;
    return (bad & 0x80000000) | dots ? NULL : end[3];
}

/// Reads a port of which, and behind which, eight bytes are there, without a branch per digit.
INLINE const uint8_t *quick_port(const uint8_t *text, uint16_t *value)
{
    const uint64_t length = (uint64_t)__builtin_ctz(no_digits(text) | 0x100);
    const uint64_t digits = (load64(text) ^ 0x3030303030303030) << (-length * 8 & 63);
    // Neighbouring digits, then pairs, then fours are joined to one number.
    const uint64_t pairs = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
    const uint64_t fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffff;
    const uint64_t number = (uint32_t)(fours * 10000 + (fours >> 32));
    *value = (uint16_t)number;
    return ((length - 1) | (5 - length) | (65535 - number)) >> 63 ? NULL : text + length;
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
    if ((text = SKIP(text, "src=")) == NULL || (text = quick_address(text, &flow->source)) == NULL)
        return NULL;
    if ((text = SKIP(text, " dst=")) == NULL || (text = quick_address(text, &flow->destination)) == NULL)
        return NULL;
    if ((text = SKIP(text, " sport=")) == NULL || (text = quick_port(text, &flow->source_port)) == NULL)
        return NULL;
    if ((text = SKIP(text, " dport=")) == NULL || (text = quick_port(text, &flow->destination_port)) == NULL)
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
