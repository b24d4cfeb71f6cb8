// Echoes UDP packets and TCP streams on one address until its standard input ends.
//   cc -O2 -o echo echo.c && ./echo ADDRESS PORT        (in a node's network namespace)
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BURST = 64, ROOM = 256 };

static void echo_packets(int fd) {
    static char bytes[BURST][ROOM];
    static struct iovec parts[BURST];
    static struct sockaddr_in from[BURST];
    static struct mmsghdr messages[BURST];
    for (int i = 0; i < BURST; i++) {
        parts[i] = (struct iovec){bytes[i], ROOM};
        messages[i].msg_hdr = (struct msghdr){.msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int got = recvmmsg(fd, messages, BURST, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++) parts[i].iov_len = messages[i].msg_len;
    for (int sent = 0; sent < got;) {
        int more = sendmmsg(fd, messages + sent, got - sent, 0);
        sent += more > 0 ? more : 1;
    }
}

static void watch(int epoll, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static int open_socket(int type, struct sockaddr_in *address) {
    int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0), on = 1, room = 8 << 20;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (type == SOCK_DGRAM) setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    if (bind(fd, (void *)address, sizeof *address) || (type == SOCK_STREAM && listen(fd, 4096))) perror("echo"), exit(1);
    return fd;
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: echo ADDRESS PORT\n"), 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &address.sin_addr);
    struct rlimit files = {20000, 20000};
    setrlimit(RLIMIT_NOFILE, &files);
    int packets = open_socket(SOCK_DGRAM, &address), streams = open_socket(SOCK_STREAM, &address), epoll = epoll_create1(0);
    watch(epoll, packets), watch(epoll, streams), watch(epoll, 0);
    printf("ready\n"), fflush(stdout);
    for (struct epoll_event events[BURST];;) {
        int ready = epoll_wait(epoll, events, BURST, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            char bytes[4096];
            if (fd == packets) echo_packets(fd);
            else if (fd == streams)
                for (int new; (new = accept4(fd, NULL, NULL, SOCK_NONBLOCK)) >= 0;) watch(epoll, new);
            else {
                ssize_t got = read(fd, bytes, sizeof bytes);
                if (got <= 0 && fd == 0) return 0;
                if (got <= 0 || write(fd, bytes, got) != got) close(fd);
            }
        }
    }
}
