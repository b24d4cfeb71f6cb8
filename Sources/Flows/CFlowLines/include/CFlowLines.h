#ifndef CLUSTERIP_CFLOWLINES_H
#define CLUSTERIP_CFLOWLINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Columns for flows that are read from lines: addresses and ports as numbers in host order, protocols by number. The
/// memory belongs to the caller; there is room for `room` flows, of which the first `count` are there. `packets` and `bytes`
/// are what the lines count themselves, 0 where they do not; both are null when nobody asks.
struct clusterip_lines {
    uint32_t *source;
    uint32_t *destination;
    uint16_t *source_port;
    uint16_t *destination_port;
    uint8_t *transport;
    uint64_t *packets;
    uint64_t *bytes;
    size_t room;
    size_t count;
};

/// Whether this processor has the vectors that `clusterip_read_lines` needs: AVX2, and BMI 1 and 2.
bool clusterip_lines_available(void);

/// Reads lines `tcp 10.0.0.1:1234 -> 10.0.0.2:80` and the same of UDP into columns, from the start of a block of `length`
/// bytes, until a line that is not exactly of this form, until the room is full, or until fewer than 160 bytes are left.
/// Returns how many bytes were read: whole lines with their newlines. Never reads beyond the block.
size_t clusterip_read_lines(const uint8_t *block, size_t length, struct clusterip_lines *lines);

/// What a column of a table is to a flow.
enum clusterip_role {
    CLUSTERIP_NO_ROLE,
    CLUSTERIP_TRANSPORT,
    CLUSTERIP_SOURCE_ADDRESS,
    CLUSTERIP_SOURCE_PORT_NUMBER,
    CLUSTERIP_DESTINATION_ADDRESS,
    CLUSTERIP_DESTINATION_PORT_NUMBER,
    CLUSTERIP_PACKET_COUNT,
    CLUSTERIP_BYTE_COUNT,
    /// A number that does not matter, but must be one.
    CLUSTERIP_ANY_NUMBER,
    /// The name of an interface in a flow log of Amazon's.
    CLUSTERIP_LOG_INTERFACE,
    /// What was done with the packets, there.
    CLUSTERIP_LOG_ACTION,
    /// That the log has them.
    CLUSTERIP_LOG_STATUS,
};

/// The columns of a table: a role each, as bytes; all five parts of a flow occur once. The separator may be a blank, which
/// stands for any run of them.
struct clusterip_rows {
    const uint8_t *roles;
    size_t columns;
    uint8_t separator;
    /// The longest line that is read, in bytes without its newline.
    long longest;
};

/// Reads rows of a table into columns until one is not exactly of this form, until the room is full, or until the last
/// newline of a block. With blanks around values, two quotation marks in a row, of other protocols or of IPv6 it is not.
/// `ends` has room for as many numbers as there are flows to be read, and takes the offset behind each row. Returns how
/// many bytes were read. Never reads beyond the block.
size_t clusterip_read_rows(
    const uint8_t *block, size_t length, const struct clusterip_rows *rows, struct clusterip_lines *lines,
    uint32_t *ends);

/// Reads entries of connection tracking, and its events, of TCP and UDP, as the functions above; what stands behind the
/// counters, such as the mark, is passed over.
size_t clusterip_read_entries(const uint8_t *block, size_t length, struct clusterip_lines *lines);

/// What printed lines.
enum clusterip_form {
    /// ss and netstat.
    CLUSTERIP_SOCKETS,
    /// tcpdump.
    CLUSTERIP_PACKETS,
    /// The kernel's log.
    CLUSTERIP_LOG,
    /// haproxy, nginx and Apache.
    CLUSTERIP_ACCESS,
    /// nfdump.
    CLUSTERIP_RECORDS,
    /// lsof.
    CLUSTERIP_FILES,
    /// tshark.
    CLUSTERIP_SUMMARIES,
    /// Flows as they are typed.
    CLUSTERIP_TYPED,
    /// conntrack -o save.
    CLUSTERIP_SAVED,
    /// conntrack -o xml.
    CLUSTERIP_XML,
};

/// What lines are read, and what they need not say.
struct clusterip_texts {
    enum clusterip_form form;
    /// The destination of lines that do not say it.
    uint32_t destination;
    /// Whether the source port is hashed, so that a line must have it.
    bool needs_source_port;
};

/// Reads lines of one form into columns, as the functions above, until one that is not exactly as it is printed most often,
/// until the room is full, or until the last lines of a block.
size_t clusterip_read_texts(
    const uint8_t *block, size_t length, const struct clusterip_texts *texts, struct clusterip_lines *lines);

/// A stretch of an object of JSON: bytes that are always the same, and the value behind them.
struct clusterip_stretch {
    const uint8_t *text;
    size_t length;
    /// Whether the value is in quotation marks; else it is a number or a word.
    bool is_string;
    /// What the value is to a flow, a `clusterip_role`.
    uint8_t role;
};

/// The objects of one program: what stands around their values. The last stretch has no value.
struct clusterip_objects {
    const struct clusterip_stretch *stretches;
    size_t count;
};

/// Reads lines with an object each into columns, as the functions above, until one whose values do not stand between
/// exactly these bytes, that has an escape in a value, is not of TCP, UDP and IPv4, or is one of the last of a block.
/// `ends` is as for `clusterip_read_rows`.
size_t clusterip_read_objects(
    const uint8_t *block, size_t length, const struct clusterip_objects *objects, struct clusterip_lines *lines,
    uint32_t *ends);

/// Asks for the cache line of an address that is about to be read and written.
static inline void clusterip_prefetch(const void *address)
{
    __builtin_prefetch(address, 1);
}

#endif
