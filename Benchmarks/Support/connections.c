// Opens many TCP connections to an echo service and sees, a round a second, which of them still answer.
//   cc -O2 -o connections connections.c
//   connections ADDRESS PORT COUNT        (in the client's network namespace, which has every address of 10.9.0.0/16)
// Prints "open COUNT" and then, for every round, "round NUMBER OPEN ANSWERED", until its standard input ends. A connection
// counts as answered when it echoes the round's bytes within PATIENCE; one that was reset or closed is open no more.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BURST = 256, SOURCES = 2000, AT_ONCE = 200, PATIENCE = 3000 };
struct connection {
    int fd, is_open;
    uint32_t answered;
};
static struct connection *all;
static int count, epoll;

static int64_t milliseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

static void begin(int index, struct sockaddr_in *to) {
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_port = htons(20000 + index / SOURCES)};
    from.sin_addr.s_addr = htonl(0x0a090100 + index % SOURCES);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (void *)&from, sizeof from)) perror("connections: bind"), exit(1);
    if (connect(fd, (void *)to, sizeof *to) && errno != EINPROGRESS) perror("connections: connect"), exit(1);
    all[index] = (struct connection){.fd = fd};
    struct epoll_event event = {.events = EPOLLOUT, .data.u32 = index};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static int finish(struct connection *connection, uint32_t index) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
    epoll_ctl(epoll, error ? EPOLL_CTL_DEL : EPOLL_CTL_MOD, connection->fd, &event);
    return connection->is_open = !error;
}

static int open_all(struct sockaddr_in *to) {
    struct epoll_event events[BURST];
    int begun = 0, over = 0, opened = 0;
    for (int64_t end = milliseconds() + 30000; over < count && milliseconds() < end;) {
        while (begun < count && begun - over < AT_ONCE) begin(begun++, to);
        int ready = epoll_wait(epoll, events, BURST, 100);
        for (int i = 0; i < ready; i++, over++) opened += finish(&all[events[i].data.u32], events[i].data.u32);
    }
    return opened;
}

static void hear(struct connection *connection, uint32_t round) {
    uint32_t bytes[64];
    ssize_t got = read(connection->fd, bytes, sizeof bytes);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        connection->is_open = 0;
        epoll_ctl(epoll, EPOLL_CTL_DEL, connection->fd, NULL);
    }
    if (got >= 4 && bytes[got / 4 - 1] == round) connection->answered = round;
}

static void echo_once(uint32_t round) {
    struct epoll_event events[BURST];
    int open = 0, answered = 0, missing = 0;
    for (int i = 0; i < count; i++) missing += all[i].is_open && send(all[i].fd, &round, 4, MSG_NOSIGNAL) == 4;
    for (int64_t end = milliseconds() + PATIENCE; missing > 0 && milliseconds() < end;) {
        int ready = epoll_wait(epoll, events, BURST, 100);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = &all[events[i].data.u32];
            int had = connection->answered == round || !connection->is_open;
            hear(connection, round);
            missing -= !had && (connection->answered == round || !connection->is_open);
        }
    }
    for (int i = 0; i < count; i++) open += all[i].is_open, answered += all[i].is_open && all[i].answered == round;
    printf("round %u %d %d\n", round, open, answered), fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "usage: connections ADDRESS PORT COUNT\n"), 2;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    count = atoi(argv[3]);
    struct rlimit files = {20000, 20000};
    setrlimit(RLIMIT_NOFILE, &files);
    all = calloc(count, sizeof *all);
    epoll = epoll_create1(0);
    printf("open %d\n", open_all(&to)), fflush(stdout);
    for (uint32_t round = 1;; round++) {
        int64_t begun = milliseconds();
        echo_once(round);
        struct pollfd input = {.fd = 0, .events = POLLIN};
        int64_t left = begun + 1000 - milliseconds();
        if (poll(&input, 1, left > 0 ? left : 0) > 0) return 0;
    }
}
