// Writes flow lines, a table, entries of connection tracking or a capture with random sources:
// generate lines|csv|conntrack|pcap|pcapng|cooked|ipv6 COUNT > FILE.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252u;

static uint32_t next(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

static void lines(long count) {
    for (long i = 0; i < count; i++) {
        uint32_t a = next(), p = next();
        printf("%s 10.%u.%u.%u:%u -> 10.8.0.1:%u\n", p & 1 ? "tcp" : "udp", a >> 16 & 255, a >> 8 & 255, a & 255,
            1024 + (p >> 1) % 64000, (p >> 20) % 3 ? 80 : 443);
    }
}

// Seven columns, of which two mean nothing to a flow.
static void table(long count) {
    puts("time,protocol,source,source_port,destination,destination_port,length");
    for (long i = 0; i < count; i++) {
        uint32_t a = next(), p = next();
        printf("%ld,%s,10.%u.%u.%u,%u,10.8.0.1,%u,%u\n", i, p & 1 ? "tcp" : "udp", a >> 16 & 255, a >> 8 & 255, a & 255,
            1024 + (p >> 1) % 64000, (p >> 20) % 3 ? 80 : 443, p % 1500);
    }
}

static void entries(long count) {
    for (long i = 0; i < count; i++) {
        uint32_t a = next(), port = 1024 + next() % 64000;
        printf("tcp      6 431999 ESTABLISHED src=10.%u.%u.%u dst=10.8.0.1 sport=%u dport=80 src=10.8.0.1 dst=10.%u.%u.%u "
            "sport=80 dport=%u [ASSURED] mark=%ld use=1\n", a >> 16 & 255, a >> 8 & 255, a & 255, port, a >> 16 & 255,
            a >> 8 & 255, a & 255, port, i % 16 + 1);
    }
}

static void store16(uint8_t *to, uint32_t value) {
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

static void store32(uint32_t value) {
    fwrite(&value, sizeof value, 1, stdout);
}

enum form { PCAP, PCAPNG, COOKED, IPV6 };

// The head of a file: pcap, or pcapng's section and interface blocks, both of Ethernet or of Linux cooked v1.
static void head(enum form form) {
    const uint32_t pcap[6] = {0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, form == COOKED ? 113 : 1};
    const uint32_t pcapng[12] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1, ~0u, ~0u, 28, 1, 20, 1, 65535, 20};
    if (form == PCAPNG) fwrite(pcapng, sizeof pcapng, 1, stdout);
    else fwrite(pcap, sizeof pcap, 1, stdout);
}

// A packet with its head; of pcapng an enhanced packet block.
static void put(enum form form, long number, const uint8_t *bytes, uint32_t length) {
    const uint32_t padded = (length + 3) & ~3u, size = padded + 32;
    if (form == PCAPNG) {
        const uint32_t block[7] = {6, size, 0, 0x60000, (uint32_t)number, length, length};
        fwrite(block, sizeof block, 1, stdout);
        fwrite(bytes, padded, 1, stdout);
        return store32(size);
    }
    const uint32_t record[4] = {(uint32_t)(1700000000 + number / 1000), (uint32_t)(number % 1000), length, length};
    fwrite(record, sizeof record, 1, stdout);
    fwrite(bytes, length, 1, stdout);
}

// TCP with 64 bytes of payload; one of a thousand sources, any source port.
static void capture(enum form form, long count) {
    head(form);
    for (long i = 0; i < count; i++) {
        uint8_t frame[16 + 40 + 20 + 64 + 4] = {1, 0, 0x5e, 8, 0, 1, 10, 0, 0, 0, 0, 1, 8, 0};
        const uint32_t source = next() % 1000;
        const uint8_t high = (uint8_t)(source >> 8), low = (uint8_t)source;
        uint8_t *ip = frame + 14;
        if (form == COOKED) {
            memcpy(frame, (uint8_t[]){0, 2, 0, 1, 0, 6, 10, 0, 0, 0, 0, 1, 0, 0, 8, 0}, 16);
            ip = frame + 16;
        }
        uint8_t *tcp = ip + 20;
        if (form == IPV6) {
            memcpy(frame + 12, (uint8_t[]){0x86, 0xdd, 0x60}, 3);
            store16(ip + 4, 20 + 64);
            memcpy(ip + 6, (uint8_t[]){6, 64, 0x20, 1, 0xd, 0xb8, high, low}, 8);
            memcpy(ip + 24, (uint8_t[]){0x20, 1, 0xd, 0xb8}, 4);
            ip[23] = 1;
            ip[39] = 2;
            tcp = ip + 40;
        } else {
            ip[0] = 0x45;
            store16(ip + 2, 20 + 20 + 64);
            memcpy(ip + 8, (uint8_t[]){64, 6}, 2);
            memcpy(ip + 12, (uint8_t[]){10, 9, high, low, 10, 8, 0, 1}, 8);
        }
        store16(tcp, 1024 + next() % 64000);
        store16(tcp + 2, 80);
        memcpy(tcp + 12, (uint8_t[]){0x50, 0x10}, 2);
        put(form, i, frame, (uint32_t)(tcp + 20 + 64 - frame));
    }
}

int main(int count, char **arguments) {
    const char *forms[] = {"pcap", "pcapng", "cooked", "ipv6"};
    if (count != 3) return 64;
    for (int form = PCAP; form <= IPV6; form++) {
        if (strcmp(arguments[1], forms[form]) == 0) return capture((enum form)form, atol(arguments[2])), 0;
    }
    if (strcmp(arguments[1], "csv") == 0) table(atol(arguments[2]));
    else if (strcmp(arguments[1], "conntrack") == 0) entries(atol(arguments[2]));
    else lines(atol(arguments[2]));
    return 0;
}
