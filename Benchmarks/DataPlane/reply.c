// Sends datagrams from the cluster address to the 4096 flows of flood.c as fast as one core can; prints nanoseconds of
// processor time per datagram, the best and the median round.
//   cc -O2 -o reply reply.c && ./reply PACKETS ROUNDS
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { FLOWS = 4096, BURST = 256 };

static int ascending(const void *a, const void *b) { return *(double *)a > *(double *)b ? 1 : -1; }

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: reply PACKETS ROUNDS\n"), 2;
    static struct sockaddr_in clients[FLOWS];
    static struct mmsghdr messages[FLOWS];
    static char words[18];
    struct iovec part = {words, sizeof words};
    struct sockaddr_in cluster = {.sin_family = AF_INET, .sin_port = htons(7777), .sin_addr.s_addr = htonl(0x0a080001)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1, size = 1 << 24;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    if (bind(fd, (void *)&cluster, sizeof cluster)) return perror("reply"), 1;
    for (int i = 0; i < FLOWS; i++) {
        clients[i] = (struct sockaddr_in){
            .sin_family = AF_INET, .sin_port = htons(20000 + i % 4), .sin_addr.s_addr = htonl(0x0a090001 + i / 4)};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &clients[i], .msg_namelen = sizeof clients[i], .msg_iov = &part, .msg_iovlen = 1};
    }
    int packets = atoi(argv[1]) / FLOWS * FLOWS, rounds = atoi(argv[2]);
    double *figures = calloc(rounds, sizeof *figures);
    for (int round = 0; round < rounds; round++) {
        double begun = seconds();
        for (int i = 0; i < packets; i += BURST)
            if (sendmmsg(fd, messages + i % FLOWS, BURST, 0) < 0) return perror("reply"), 1;
        figures[round] = (seconds() - begun) * 1e9 / packets;
    }
    qsort(figures, rounds, sizeof *figures, ascending);
    printf("%.0f %.0f\n", figures[0], figures[rounds / 2]);
    return 0;
}
