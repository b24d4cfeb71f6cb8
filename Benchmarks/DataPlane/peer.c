// The peer of NftablesDriver.sample(): reads the counters of all sets of a cluster address by netlink, as plainly as C can.
//   cc -O2 -o peer peer.c && ./peer TABLE BUCKETS ROUNDS
#include <endian.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static char buffer[1 << 16];
static uint64_t counters[3][65536][2];

static struct nlattr *find(struct nlattr *at, int length, int type) {
    for (; length >= 4 && at->nla_len >= 4; length -= NLA_ALIGN(at->nla_len), at = (void *)((char *)at + NLA_ALIGN(at->nla_len)))
        if ((at->nla_type & NLA_TYPE_MASK) == type) return at;
    return 0;
}
static struct nlattr *in(struct nlattr *nest, int type) { return nest ? find((void *)(nest + 1), nest->nla_len - 4, type) : 0; }

static int put(char *at, int type, const char *text) {
    struct nlattr *a = (void *)at;
    a->nla_type = type;
    a->nla_len = 4 + strlen(text) + 1;
    strcpy(at + 4, text);
    return NLA_ALIGN(a->nla_len);
}

static int read_set(int fd, const char *table, const char *set, uint64_t (*out)[2]) {
    struct nlmsghdr *header = (void *)buffer;
    memset(buffer, 0, 256);
    header->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSETELEM;
    header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    ((struct nfgenmsg *)(header + 1))->nfgen_family = AF_INET;
    int length = 20;
    length += put(buffer + length, NFTA_SET_ELEM_LIST_TABLE, table);
    length += put(buffer + length, NFTA_SET_ELEM_LIST_SET, set);
    header->nlmsg_len = length;
    if (send(fd, buffer, length, 0) != length) return -1;
    int seen = 0;
    for (;;) {
        int count = recv(fd, buffer, sizeof buffer, 0);
        if (count < 0) return -1;
        for (header = (void *)buffer; NLMSG_OK(header, count); header = NLMSG_NEXT(header, count)) {
            if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR) return seen;
            struct nlattr *list = find((void *)((char *)(header + 1) + 4), header->nlmsg_len - 20, NFTA_SET_ELEM_LIST_ELEMENTS);
            int left = list ? list->nla_len - 4 : 0;
            for (struct nlattr *e = (void *)(list + 1); left >= 4; left -= NLA_ALIGN(e->nla_len), e = (void *)((char *)e + NLA_ALIGN(e->nla_len))) {
                uint32_t key = 0x1ffff & *(uint32_t *)(in(in(e, NFTA_SET_ELEM_KEY), NFTA_DATA_VALUE) + 1);
                struct nlattr *data = in(in(e, NFTA_SET_ELEM_EXPR), NFTA_EXPR_DATA);
                memcpy(&out[key - 1][0], in(data, NFTA_COUNTER_PACKETS) + 1, 8);
                memcpy(&out[key - 1][1], in(data, NFTA_COUNTER_BYTES) + 1, 8);
                out[key - 1][0] = be64toh(out[key - 1][0]);
                out[key - 1][1] = be64toh(out[key - 1][1]);
                seen++;
            }
        }
    }
}

static int ascending(const void *a, const void *b) { return *(double *)a > *(double *)b ? 1 : -1; }

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "usage: peer TABLE BUCKETS ROUNDS\n"), 2;
    int buckets = atoi(argv[2]), rounds = atoi(argv[3]);
    double *times = calloc(rounds, sizeof *times);
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
    for (int round = 0; round < rounds; round++) {
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        static const char *const sets[] = {"accepted", "dropped", "replied"};
        for (int set = 0; set < 3; set++)
            if (read_set(fd, argv[1], sets[set], counters[set]) != buckets)
                return fprintf(stderr, "peer: the set %s does not hold %d buckets\n", sets[set], buckets), 1;
        if (read_set(fd, argv[1], "unmarked", counters[0]) < 0) return 1;
        clock_gettime(CLOCK_MONOTONIC, &b);
        times[round] = (b.tv_sec - a.tv_sec) * 1e6 + (b.tv_nsec - a.tv_nsec) / 1e3;
    }
    qsort(times, rounds, sizeof *times, ascending);
    printf("peer in C        N %-6d all sets      p50 %10.1f us   p95 %10.1f us\n", buckets, times[rounds / 2], times[rounds * 95 / 100]);
    return 0;
}
