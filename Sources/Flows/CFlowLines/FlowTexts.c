// Reads lines as tools print them most often, each in exactly that form, byte by byte. The newline that ends a line stops
// every loop.

#include "FlowFields.h"

/// Whether a text has nothing that a reader of logs or of connection tracking would look for: `src=` or `SRC=`.
INLINE bool names_no_source(const uint8_t *text, const uint8_t *end)
{
    while ((text = memchr(text, '=', (size_t)(end - text))) != NULL) {
        if ((text[-1] | 0x20) == 'c' && (text[-2] | 0x20) == 'r' && (text[-3] | 0x20) == 's')
            return false;
        text++;
    }
    return true;
}

/// Skips the state of a connection, as ss names it.
INLINE const uint8_t *state(const uint8_t *text)
{
    static const char *const states[] = {
        "ESTAB", "TIME-WAIT", "CLOSE-WAIT", "FIN-WAIT-1", "FIN-WAIT-2", "SYN-RECV", "SYN-SENT", "LAST-ACK", "CLOSING"};
    for (size_t index = 0; index < sizeof states / sizeof *states; index++) {
        const size_t length = strlen(states[index]);
        if (memcmp(text, states[index], length) == 0 && text[length] == ' ')
            return text + length;
    }
    return NULL;
}

/// `ESTAB 0 0 10.8.0.1:80 10.9.0.1:40000` of ss, and `tcp 0 0 10.8.0.1:80 10.9.0.1:40000 ESTABLISHED` of netstat.
INLINE const uint8_t *read_socket(const uint8_t *text, const uint8_t *end, struct flow *flow)
{
    flow->transport = 6;
    const bool is_named = text[3] == ' ' && (*text == 't' || *text == 'u');
    if (is_named) {
        NEED(transport(text, &flow->transport));
        NEED(blanks(text));
    }
    if (is_capital(*text)) {
        NEED(state(text));
        NEED(blanks(text));
    } else if (!is_named) {
        return NULL;
    }
    NEED(digits(text));
    NEED(blanks(text));
    NEED(digits(text));
    NEED(blanks(text));
    NEED(endpoint(text, ':', &flow->destination, &flow->destination_port));
    NEED(blanks(text));
    NEED(endpoint(text, ':', &flow->source, &flow->source_port));
    if (text == end)
        return text;
    NEED(blanks(text));
    return *text == '[' || !names_no_source(text, end) ? NULL : text;
}

/// `12:00:00.123456 IP 10.9.0.1.40000 > 10.8.0.1.80: Flags [S], …` of tcpdump.
INLINE const uint8_t *read_packet(const uint8_t *text, const uint8_t *end, struct flow *flow)
{
    (void)end;
    NEED(clock_time(text));
    SKIP(".");
    NEED(digits(text));
    SKIP(" IP ");
    NEED(endpoint(text, '.', &flow->source, &flow->source_port));
    SKIP(" > ");
    NEED(endpoint(text, '.', &flow->destination, &flow->destination_port));
    SKIP(": ");
    if (memcmp(text, "Flags [", 7) == 0)
        flow->transport = 6;
    else if (memcmp(text, "UDP, length ", 12) == 0)
        flow->transport = 17;
    else
        return NULL;
    flow->packets = 1;
    return text;
}

/// Finds ` SRC=` behind names that say nothing of the flow; a prefix that looks like anything else is not read here.
INLINE const uint8_t *log_source(const uint8_t *line, const uint8_t *end)
{
    const uint8_t *text = line;
    if (memchr(line, '>', (size_t)(end - line)) != NULL)
        return NULL;
    while ((text = memchr(text, '=', (size_t)(end - text))) != NULL) {
        if (text - line < 8)
            return NULL;
        if (memcmp(text - 4, " SRC", 4) == 0)
            break;
        if (memcmp(text - 3, " IN", 3) != 0 && memcmp(text - 4, " OUT", 4) != 0 && memcmp(text - 4, " MAC", 4) != 0
            && memcmp(text - 7, " PHYSIN", 7) != 0 && memcmp(text - 8, " PHYSOUT", 8) != 0)
            return NULL;
        text++;
    }
    if (text == NULL)
        return NULL;
    // A date of a web server's in front would make it another form.
    for (const uint8_t *at = line; (at = memchr(at, '[', (size_t)(text - at))) != NULL; at++) {
        if (at[3] == '/')
            return NULL;
    }
    return text + 1;
}

/// `… IN=eth0 OUT= MAC=… SRC=10.9.0.1 DST=10.8.0.1 LEN=60 … PROTO=TCP SPT=40000 DPT=80 …` of the kernel's log.
INLINE const uint8_t *read_log(const uint8_t *text, const uint8_t *end, struct flow *flow)
{
    uint64_t ignored;
    const uint8_t first = *text;
    if (!is_capital(first) && first != '<' && first != '2')
        return NULL;
    NEED(log_source(text, end));
    NEED(address(text, &flow->source));
    SKIP(" DST=");
    NEED(address(text, &flow->destination));
    SKIP(" LEN=");
    NEED(number(text, &flow->bytes));
    SKIP(" TOS=0x");
    NEED(word(text));
    SKIP(" PREC=0x");
    NEED(word(text));
    SKIP(" TTL=");
    NEED(number(text, &ignored));
    SKIP(" ID=");
    NEED(number(text, &ignored));
    SKIP(" ");
    if (memcmp(text, "DF ", 3) == 0)
        text += 3;
    SKIP("PROTO=");
    if (memcmp(text, "TCP SPT=", 8) == 0)
        flow->transport = 6;
    else if (memcmp(text, "UDP SPT=", 8) == 0)
        flow->transport = 17;
    else
        return NULL;
    NEED(port(text + 8, &flow->source_port));
    SKIP(" DPT=");
    NEED(port(text, &flow->destination_port));
    flow->packets = 1;
    if (text != end && *text != ' ')
        return NULL;
    return names_no_source(text, end) ? text : NULL;
}

/// Skips `Nov 27 10:00:00 host program[99]: `.
INLINE const uint8_t *log_prefix(const uint8_t *text)
{
    static const char months[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
    int month = 0;
    while (month < 48 && memcmp(text, months + month, 4) != 0)
        month += 4;
    if (month == 48)
        return NULL;
    NEED(blanks(text + 3));
    const uint8_t *day = text;
    NEED(digits(text));
    if (text - day > 2)
        return NULL;
    SKIP(" ");
    NEED(clock_time(text));
    SKIP(" ");
    NEED(word(text));
    if (text[-1] == ':')
        return NULL;
    SKIP(" ");
    NEED(word(text));
    if (text[-1] != ':')
        return NULL;
    return blanks(text);
}

/// Skips `[27/Nov/2026:`.
INLINE const uint8_t *log_date(const uint8_t *text)
{
    const bool is_date = text[0] == '[' && is_digit(text[1]) && is_digit(text[2]) && text[3] == '/' && text[7] == '/'
        && is_digit(text[8]) && is_digit(text[11]) && text[12] == ':' && is_digit(text[13]);
    return is_date ? text + 13 : NULL;
}

/// `10.9.1.2:33317 [27/Nov/2026:…` of haproxy, `10.9.1.2 - - [27/Nov/2026:…` of nginx and Apache, behind a syslog's prefix or
/// not.
INLINE const uint8_t *read_access(
    const uint8_t *text, const uint8_t *end, const struct clusterip_texts *texts, struct flow *flow)
{
    (void)end;
    if (is_capital(*text))
        NEED(log_prefix(text));
    NEED(address(text, &flow->source));
    const bool has_port = *text == ':';
    if (has_port)
        NEED(port(text + 1, &flow->source_port));
    else if (texts->needs_source_port)
        return NULL;
    SKIP(" ");
    if (*text == '-') {
        SKIP("- ");
        NEED(word(text));
        SKIP(" ");
    }
    NEED(log_date(text));
    flow->transport = 6;
    flow->destination = texts->destination;
    return text;
}

/// `2026-11-27 10:00:00.000 0.000 TCP 10.9.0.1:40000 -> 10.8.0.1:80 1 60 1` of nfdump.
INLINE const uint8_t *read_record(const uint8_t *text, const uint8_t *end, struct flow *flow)
{
    if (!is_digit(text[0]) || text[4] != '-' || text[7] != '-' || text[10] != ' ')
        return NULL;
    NEED(word(text));
    SKIP(" ");
    NEED(clock_time(text));
    SKIP(".");
    NEED(digits(text));
    NEED(blanks(text));
    NEED(digits(text));
    SKIP(".");
    NEED(digits(text));
    NEED(blanks(text));
    if (!is_capital(*text))
        return NULL;
    NEED(transport(text, &flow->transport));
    NEED(blanks(text));
    NEED(endpoint(text, ':', &flow->source, &flow->source_port));
    NEED(blanks(text));
    SKIP("-> ");
    while (*text == ' ')
        text++;
    NEED(endpoint(text, ':', &flow->destination, &flow->destination_port));
    NEED(blanks(text));
    NEED(number(text, &flow->packets));
    NEED(blanks(text));
    NEED(number(text, &flow->bytes));
    if (text != end && *text != ' ')
        return NULL;
    return names_no_source(text, end) ? text : NULL;
}

/// `nginx 812 www 4u IPv4 7936449 0t0 TCP 10.8.0.1:80->10.9.1.2:40000 (ESTABLISHED)` of lsof.
INLINE const uint8_t *read_file(const uint8_t *text, const uint8_t *end, struct flow *flow)
{
    const uint8_t first = *text;
    if ((uint8_t)((first | 0x20) - 'a') > 25)
        return NULL;
    NEED(word(text));
    NEED(blanks(text));
    for (int part = 0; part < 3; part++) {
        if (part == 0)
            NEED(digits(text));
        else
            NEED(word(text));
        NEED(blanks(text));
    }
    SKIP("IPv4 ");
    while (*text == ' ')
        text++;
    NEED(digits(text));
    NEED(blanks(text));
    SKIP("0t0");
    NEED(blanks(text));
    if (memcmp(text, "TCP ", 4) != 0 && memcmp(text, "UDP ", 4) != 0)
        return NULL;
    flow->transport = *text == 'T' ? 6 : 17;
    NEED(endpoint(text + 4, ':', &flow->destination, &flow->destination_port));
    SKIP("->");
    NEED(endpoint(text, ':', &flow->source, &flow->source_port));
    if (text != end && *text != ' ')
        return NULL;
    return names_no_source(text, end) ? text : NULL;
}

/// `9 1.184622 10.9.1.2 → 10.8.0.1 TCP 74 40000 → 80 [SYN] …` of tshark.
INLINE const uint8_t *read_summary(const uint8_t *text, const uint8_t *end, struct flow *flow)
{
    while (*text == ' ')
        text++;
    NEED(digits(text));
    NEED(blanks(text));
    NEED(digits(text));
    SKIP(".");
    NEED(digits(text));
    NEED(blanks(text));
    NEED(address(text, &flow->source));
    NEED(blanks(text));
    SKIP("\xe2\x86\x92 ");
    NEED(address(text, &flow->destination));
    NEED(blanks(text));
    if (memcmp(text, "TCP ", 4) != 0 && memcmp(text, "UDP ", 4) != 0)
        return NULL;
    flow->transport = *text == 'T' ? 6 : 17;
    text += 4;
    NEED(digits(text));
    SKIP(" ");
    NEED(port(text, &flow->source_port));
    SKIP(" \xe2\x86\x92 ");
    NEED(port(text, &flow->destination_port));
    flow->packets = 1;
    if (text != end && *text != ' ')
        return NULL;
    return names_no_source(text, end) ? text : NULL;
}

/// `tcp 10.9.0.1:40000 10.8.0.1:80`, as it is typed.
INLINE const uint8_t *read_typed(const uint8_t *text, const uint8_t *end, struct flow *flow)
{
    NEED(transport(text, &flow->transport));
    SKIP(" ");
    NEED(endpoint(text, ':', &flow->source, &flow->source_port));
    SKIP(" ");
    NEED(endpoint(text, ':', &flow->destination, &flow->destination_port));
    return text == end ? text : NULL;
}

/// Whether options have none that says a part of the flow.
INLINE bool are_other_options(const uint8_t *text, const uint8_t *end)
{
    while ((text = memchr(text, ' ', (size_t)(end - text))) != NULL) {
        text++;
        if (*text != '-')
            continue;
        if (text[1] != '-' ? text[1] != 'm' : memcmp(text, "--sport", 7) == 0 || memcmp(text, "--dport", 7) == 0)
            return false;
    }
    return true;
}

/// `-A -t 431999 -u ASSURED -s 10.9.0.1 -d 10.8.0.1 -r … -q … -p tcp --sport 40000 --dport 80 …` of conntrack.
INLINE const uint8_t *read_saved(const uint8_t *text, const uint8_t *end, struct flow *flow)
{
    uint32_t ignored;
    if (text[0] != '-' || memchr("AIUD", text[1], 4) == NULL)
        return NULL;
    text += 2;
    SKIP(" -t ");
    NEED(digits(text));
    if (memcmp(text, " -u ", 4) == 0)
        NEED(word(text + 4));
    SKIP(" -s ");
    NEED(address(text, &flow->source));
    SKIP(" -d ");
    NEED(address(text, &flow->destination));
    SKIP(" -r ");
    NEED(address(text, &ignored));
    SKIP(" -q ");
    NEED(address(text, &ignored));
    SKIP(" -p ");
    if (*text != 't' && *text != 'u')
        return NULL;
    NEED(transport(text, &flow->transport));
    SKIP(" --sport ");
    NEED(port(text, &flow->source_port));
    SKIP(" --dport ");
    NEED(port(text, &flow->destination_port));
    if (text != end && *text != ' ')
        return NULL;
    return names_no_source(text, end) && are_other_options(text, end) ? text : NULL;
}

/// Finds a text; null when it is not there.
INLINE const uint8_t *find(const uint8_t *text, const uint8_t *end, const char *what, size_t length)
{
    for (; (text = memchr(text, what[0], (size_t)(end - text))) != NULL; text++) {
        if ((size_t)(end - text) >= length && memcmp(text, what, length) == 0)
            return text;
    }
    return NULL;
}

/// `<flow><meta direction="original"><layer3 …><src>10.9.0.1</src>…` of conntrack.
INLINE const uint8_t *read_xml(const uint8_t *text, const uint8_t *end, struct flow *flow)
{
    if (memcmp(text, "<flow type=\"", 12) == 0) {
        text += 12;
        while (*text >= 'a' && *text <= 'z')
            text++;
        SKIP("\">");
    } else {
        SKIP("<flow>");
    }
    SKIP("<meta direction=\"original\"><layer3 protonum=\"2\" protoname=\"ipv4\"><src>");
    NEED(address(text, &flow->source));
    SKIP("</src><dst>");
    NEED(address(text, &flow->destination));
    SKIP("</dst></layer3><layer4 protonum=\"");
    if (memcmp(text, "6\" protoname=\"tcp\">", 19) == 0) {
        flow->transport = 6;
        text += 19;
    } else {
        SKIP("17\" protoname=\"udp\">");
        flow->transport = 17;
    }
    SKIP("<sport>");
    NEED(port(text, &flow->source_port));
    SKIP("</sport><dport>");
    NEED(port(text, &flow->destination_port));
    SKIP("</dport></layer4>");
    if (memcmp(text, "<counters><packets>", 19) == 0) {
        NEED(number(text + 19, &flow->packets));
        SKIP("</packets><bytes>");
        NEED(number(text, &flow->bytes));
        SKIP("</bytes></counters>");
    } else if (find(text, end, "<packets>", 9) != NULL || find(text, end, "<bytes>", 7) != NULL) {
        return NULL;
    }
    const uint8_t *mark = find(text, end, "<mark>", 6);
    uint64_t value = 0;
    if (mark == NULL)
        return text;
    NEED(number(mark + 6, &value));
    return *text == '<' && value <= 0xffffffff ? text : NULL;
}

INLINE const uint8_t *read_text(
    const uint8_t *line, const uint8_t *end, const struct clusterip_texts *texts, struct flow *flow)
{
    switch (texts->form) {
    case CLUSTERIP_SOCKETS:
        return read_socket(line, end, flow);
    case CLUSTERIP_PACKETS:
        return read_packet(line, end, flow);
    case CLUSTERIP_LOG:
        return read_log(line, end, flow);
    case CLUSTERIP_ACCESS:
        return read_access(line, end, texts, flow);
    case CLUSTERIP_RECORDS:
        return read_record(line, end, flow);
    case CLUSTERIP_FILES:
        return read_file(line, end, flow);
    case CLUSTERIP_SUMMARIES:
        return read_summary(line, end, flow);
    case CLUSTERIP_TYPED:
        return read_typed(line, end, flow);
    case CLUSTERIP_SAVED:
        return read_saved(line, end, flow);
    case CLUSTERIP_XML:
        return read_xml(line, end, flow);
    }
    return NULL;
}

size_t clusterip_read_texts(
    const uint8_t *block, size_t length, const struct clusterip_texts *texts, struct clusterip_lines *lines)
{
    const struct clusterip_lines columns = *lines;
    const struct clusterip_texts how = *texts;
    size_t offset = 0, count = columns.count;
    while (count < columns.room && length - offset > SLACK) {
        const uint8_t *line = block + offset;
        const uint8_t *newline = memchr(line, '\n', length - offset - SLACK);
        if (newline == NULL || newline - line > LONGEST)
            break;
        const uint8_t *end = newline > line && newline[-1] == '\r' ? newline - 1 : newline;
        struct flow flow = {0};
        if (read_text(line, end, &how, &flow) == NULL)
            break;
        put(&columns, count++, &flow);
        offset = (size_t)(newline - block) + 1;
    }
    lines->count = count;
    return offset;
}
