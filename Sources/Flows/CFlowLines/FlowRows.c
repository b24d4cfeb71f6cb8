// Reads rows of tables and entries of connection tracking that have exactly the usual form, byte by byte. The newline
// that ends a line is found first, and stops every loop.

#include "FlowFields.h"

/// Reads a value of a row; returns what follows it, or null when it is not of the form.
INLINE const uint8_t *read_value(const uint8_t *text, uint8_t role, uint8_t separator, struct flow *flow)
{
    switch (role) {
    case CLUSTERIP_NO_ROLE:
        if (separator == ' ')
            return word(text);
        while (*text != separator && *text != '\n' && *text != '"')
            text++;
        return text;
    case CLUSTERIP_LOG_INTERFACE:
        return begins(text, "eni-") ? word(text) : NULL;
    case CLUSTERIP_LOG_ACTION:
        return begins(text, "ACCEPT ") || begins(text, "REJECT ") ? text + 6 : NULL;
    case CLUSTERIP_LOG_STATUS:
        return begins(text, "OK\n") ? text + 2 : NULL;
    default:
        return value_of(text, role, flow);
    }
}

/// Reads a value in quotation marks, with the marks.
INLINE const uint8_t *read_quoted(const uint8_t *text, uint8_t role, uint8_t separator, struct flow *flow)
{
    text++;
    if (role == CLUSTERIP_NO_ROLE) {
        while (*text != '"' && *text != '\n')
            text++;
    } else {
        NEED(read_value(text, role, separator, flow));
    }
    // Two in a row are one of the value's own.
    return text[0] == '"' && text[1] != '"' ? text + 1 : NULL;
}

/// Reads a row whose newline is at `end`; null when it is not of the form.
INLINE const uint8_t *read_row(
    const uint8_t *text, const uint8_t *end, const struct clusterip_rows *rows, struct flow *flow)
{
    const uint8_t separator = rows->separator;
    for (size_t column = 0; column < rows->columns; column++) {
        if (*text == '"' && separator != ' ')
            NEED(read_quoted(text, rows->roles[column], separator, flow));
        else
            NEED(read_value(text, rows->roles[column], separator, flow));
        if (column + 1 < rows->columns) {
            if (*text++ != separator)
                return NULL;
            while (separator == ' ' && *text == ' ')
                text++;
        } else if (*text == '\r') {
            text++;
        }
    }
    return text == end ? text : NULL;
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
        if (end == NULL || end - line > rows->longest || read_row(line, end, rows, &flow) == NULL)
            break;
        put(&columns, count, &flow);
        offset = (size_t)(end - block) + 1;
        ends[count++ - columns.count] = (uint32_t)offset;
    }
    lines->count = count;
    return offset;
}

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

/// Skips `    [NEW] ` and what other events begin with, as the time in brackets.
INLINE const uint8_t *event(const uint8_t *text)
{
    for (int part = 0; part < 2; part++) {
        while (*text == ' ')
            text++;
        if (*text != '[')
            return text;
        const uint8_t *most = text + 24;
        while (text < most && *text != ']' && *text != ' ' && *text != '\n')
            text++;
        if (*text++ != ']' || (*text != ' ' && *text != '\t'))
            return NULL;
        while (*text == ' ' || *text == '\t')
            text++;
    }
    return text;
}

/// Reads an entry of TCP or UDP, of which at least 320 bytes are there; returns what stands behind the counters.
INLINE const uint8_t *read_entry(const uint8_t *text, struct flow *flow)
{
    if (*text == ' ' || *text == '[')
        NEED(event(text));
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
    // An event that ends a connection tells no time that is left.
    if (is_digit(*text)) {
        NEED(digits(text));
        SKIP(" ");
    }
    if (memcmp(text, "ESTABLISHED ", 12) == 0) {
        text += 12;
    } else if (is_capital(*text)) {
        const uint8_t *most = text + 16;
        while (text < most && (is_capital(*text) || *text == '_' || is_digit(*text)))
            text++;
        SKIP(" ");
    }
    SKIP("src=");
    NEED(address(text, &flow->source));
    SKIP(" dst=");
    NEED(address(text, &flow->destination));
    SKIP(" sport=");
    NEED(port(text, &flow->source_port));
    SKIP(" dport=");
    NEED(port(text, &flow->destination_port));
    if (memcmp(text, " packets=", 9) == 0) {
        NEED(number(text + 9, &flow->packets));
        SKIP(" bytes=");
        NEED(number(text, &flow->bytes));
        if (*text != ' ')
            return NULL;
    }
    if (*text == '\n')
        return text;
    return text[0] == ' ' && (text[1] == 's' || text[1] == '[') ? text : NULL;
}

size_t clusterip_read_entries(const uint8_t *block, size_t length, struct clusterip_lines *lines)
{
    enum { REACH = 320 };
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
