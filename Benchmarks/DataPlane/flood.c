// Sends UDP packets, or TCP segments with ACK alone, of 4096 flows (1024 sources, 4 ports each) as fast as one core can;
// prints nanoseconds of processor time per packet, the best and the median round.
//   cc -O2 -o flood flood.c && ./flood INTERFACE PACKETS ROUNDS [tcp]
// Over a pair of virtual interfaces the sender's core also receives, so that the receiver's rules are part of the figure.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { FLOWS = 4096, LENGTH = 60, BURST = 256 };
static unsigned char frames[FLOWS][LENGTH];

static int ascending(const void *a, const void *b) { return *(double *)a > *(double *)b ? 1 : -1; }

static unsigned add(const unsigned char *frame, int from, int to, unsigned sum) {
    for (int i = from; i < to; i += 2) sum += frame[i] << 8 | frame[i + 1];
    return sum;
}

static unsigned short fold(unsigned sum) {
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return htons(~sum);
}

// Makes the datagram a segment of the same flow: header of five words, ACK, nothing behind it but padding.
static void turn_into_segment(unsigned char *frame) {
    frame[23] = IPPROTO_TCP;
    memset(frame + 38, 0, LENGTH - 38);
    frame[46] = 0x50;
    frame[47] = 0x10;
    frame[48] = 0x20;
    frame[24] = frame[25] = 0;
    *(unsigned short *)(frame + 24) = fold(add(frame, 14, 34, 0));
    *(unsigned short *)(frame + 50) = fold(add(frame, 26, LENGTH, IPPROTO_TCP + LENGTH - 34));
}

static void build(unsigned char *frame, unsigned flow) {
    static const unsigned char start[] = {
        0x01, 0, 0x5e, 0, 0, 0x20, 2, 0, 0, 0, 2, 1, 8, 0,               // to the cluster MAC
        0x45, 0, 0, LENGTH - 14, 0, 0, 0x40, 0, 64, 17, 0, 0,            // IPv4, UDP
    };
    memcpy(frame, start, sizeof start);
    *(unsigned *)(frame + 26) = htonl(0x0a090001 + flow / 4);
    *(unsigned *)(frame + 30) = htonl(0x0a080001);
    *(unsigned short *)(frame + 34) = htons(20000 + flow % 4);
    *(unsigned short *)(frame + 36) = htons(7777);
    *(unsigned short *)(frame + 38) = htons(LENGTH - 34);
    *(unsigned short *)(frame + 24) = fold(add(frame, 14, 34, 0));
}

int main(int argc, char **argv) {
    int tcp = argc == 5 && !strcmp(argv[4], "tcp");
    if (argc != 4 && !tcp) return fprintf(stderr, "usage: flood INTERFACE PACKETS ROUNDS [tcp]\n"), 2;
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = if_nametoindex(argv[1])};
    int fd = socket(AF_PACKET, SOCK_RAW, 0), on = 1;
    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
    if (bind(fd, (void *)&to, sizeof to)) return perror("flood"), 1;
    static struct iovec parts[FLOWS];
    static struct mmsghdr messages[FLOWS];
    for (int i = 0; i < FLOWS; i++) {
        build(frames[i], i);
        if (tcp) turn_into_segment(frames[i]);
        parts[i] = (struct iovec){frames[i], LENGTH};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int packets = atoi(argv[2]) / FLOWS * FLOWS, rounds = atoi(argv[3]);
    double *figures = calloc(rounds, sizeof *figures);
    for (int round = 0; round < rounds; round++) {
        struct timespec a, b;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
        for (int i = 0; i < packets; i += BURST) sendmmsg(fd, messages + i % FLOWS, BURST, 0);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
        figures[round] = ((b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec)) / packets;
    }
    qsort(figures, rounds, sizeof *figures, ascending);
    printf("%.0f %.0f\n", figures[0], figures[rounds / 2]);
    return 0;
}
