// Writes flow lines or a capture with random sources: generate lines COUNT > FILE, generate pcap COUNT > FILE.
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

static void store16(uint8_t *to, uint32_t value) {
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

// 64 bytes of payload; one of a thousand sources, any source port.
static void capture(long count) {
    const uint32_t header[6] = {0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 1};
    fwrite(header, sizeof header, 1, stdout);
    for (long i = 0; i < count; i++) {
        uint8_t frame[14 + 20 + 20 + 64] = {1, 0, 0x5e, 8, 0, 1, 10, 0, 0, 0, 0, 1, 8, 0, 0x45};
        const uint32_t record[4] = {(uint32_t)(1700000000 + i / 1000), (uint32_t)(i % 1000), sizeof frame, sizeof frame};
        uint32_t source = next() % 1000;
        store16(frame + 16, sizeof frame - 14);
        frame[22] = 64;
        frame[23] = 6;
        memcpy(frame + 26, (uint8_t[]){10, 9, (uint8_t)(source >> 8), (uint8_t)source, 10, 8, 0, 1}, 8);
        store16(frame + 34, 1024 + next() % 64000);
        store16(frame + 36, 80);
        frame[46] = 0x50;
        frame[47] = 0x10;
        fwrite(record, sizeof record, 1, stdout);
        fwrite(frame, sizeof frame, 1, stdout);
    }
}

int main(int count, char **arguments) {
    if (count != 3) return 64;
    if (strcmp(arguments[1], "pcap") == 0) capture(atol(arguments[2]));
    else lines(atol(arguments[2]));
    return 0;
}
