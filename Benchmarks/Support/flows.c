// Sends UDP flows at a steady rate and counts the answers to every packet; knows nothing of clusterip.
//   cc -O2 -pthread -o flows flows.c
//   flows ADDRESS PORT RATE SECONDS SOURCE:PORT…        (in the client's network namespace)
// Prints "ready" when it sends. Standard input is lines of two times of CLOCK_MONOTONIC in nanoseconds: from when to when a
// move was made. At its end, or after SECONDS, sending ends, and what happened is printed:
//   move MOVE FLOW GAP-ns UNANSWERED TWICE STALL-ns     for every move and flow
//   all SENT UNANSWERED TWICE SECONDS
// The gap of a move is the longest stretch of sending times between two answered packets, with an unanswered one between
// them, less the sending interval. The stall is the longest time in which the machine did not let this program send.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BURST = 64, MOVES = 4096 };
// A move's packets are looked for this long before it and after it.
static const int64_t BEFORE = 5000000, AFTER = 20000000, STRAGGLERS = 500000000;

struct flow {
    int fd;
    uint8_t *answers;
};

static struct flow *flows;
static int64_t *times, interval;  // when the packet of each number was sent, in every flow at once
static int flow_count, capacity;
static volatile int count, ended;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void *zeroed(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) perror("flows: memory"), exit(1);
    return memory;
}

static void *receive(void *unused) {
    static uint32_t numbers[BURST];
    static struct iovec parts[BURST];
    static struct mmsghdr messages[BURST];
    struct epoll_event events[BURST];
    int epoll = epoll_create1(0);
    for (int i = 0; i < BURST; i++) {
        parts[i] = (struct iovec){&numbers[i], sizeof numbers[i]};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    for (int i = 0; i < flow_count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        epoll_ctl(epoll, EPOLL_CTL_ADD, flows[i].fd, &event);
    }
    for (;;) {
        int ready = epoll_wait(epoll, events, BURST, 100);
        if (ready <= 0 && ended) return unused;
        for (int i = 0; i < ready; i++) {
            struct flow *flow = &flows[events[i].data.u32];
            int got = recvmmsg(flow->fd, messages, BURST, MSG_DONTWAIT, NULL);
            for (int k = 0; k < got; k++)
                if (messages[k].msg_len == 4 && numbers[k] < (uint32_t)capacity && flow->answers[numbers[k]] < 255)
                    flow->answers[numbers[k]]++;
        }
    }
}

static void open_flow(struct flow *flow, char *source, struct sockaddr_in *to) {
    char *colon = strchr(source, ':');
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_port = htons(colon ? atoi(colon + 1) : 0)};
    if (colon) *colon = 0;
    int room = 8 << 20;
    flow->fd = socket(AF_INET, SOCK_DGRAM, 0);
    setsockopt(flow->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (inet_pton(AF_INET, source, &from.sin_addr) != 1 || bind(flow->fd, (void *)&from, sizeof from)
        || connect(flow->fd, (void *)to, sizeof *to))
        perror(source), exit(1);
    flow->answers = zeroed(capacity);
}

static int read_moves(int64_t (*moves)[2]) {  // never waits
    static char text[1 << 17];
    static size_t length;
    static int found, over;
    struct pollfd input = {.fd = 0, .events = POLLIN};
    while (!over && poll(&input, 1, 0) > 0) {
        ssize_t got = read(0, text + length, sizeof text - length - 1);
        over = got <= 0;
        length += got > 0 ? got : 0;
    }
    if (!over) return -1;
    for (char *line = strtok(text, "\n"); line && found < MOVES; line = strtok(NULL, "\n"))
        found += sscanf(line, "%ld %ld", &moves[found][0], &moves[found][1]) == 2;
    return found;
}

static int send_all(int64_t (*moves)[2]) {
    // Clients have machines of their own: what moves the buckets must not keep this program from sending.
    struct sched_param first = {.sched_priority = 1};
    sched_setscheduler(0, SCHED_FIFO, &first);
    prctl(PR_SET_TIMERSLACK, 1);
    int64_t start = now();
    for (int number = 0; number < capacity; number++) {
        int64_t due = start + number * interval;
        struct timespec until = {due / 1000000000, due % 1000000000};
        if (now() < due) clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        times[number] = now();
        for (int i = 0; i < flow_count; i++) send(flows[i].fd, &number, 4, MSG_DONTWAIT);
        count = number + 1;
        int found = number % 64 ? -1 : read_moves(moves);
        if (found >= 0) return found;
    }
    for (int found;; usleep(10000))
        if ((found = read_moves(moves)) >= 0) return found;
}

static int first_after(int64_t time) {
    int low = 0, high = count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (times[middle] < time) low = middle + 1;
        else high = middle;
    }
    return low;
}

static void report(int move, int flow, int first, int last) {
    const uint8_t *answers = flows[flow].answers;
    int64_t gap = 0, stall = 0;
    int lost = 0, twice = 0;
    while (first > 0 && !answers[first]) first--;
    for (int i = first, answered = first; i < last || (i < count && i > answered + 1); i++) {
        if (i > first && times[i] - times[i - 1] > stall) stall = times[i] - times[i - 1];
        if (!answers[i]) {
            lost++;
            continue;
        }
        twice += answers[i] > 1;
        if (i > answered + 1 && times[i] - times[answered] - interval > gap) gap = times[i] - times[answered] - interval;
        answered = i;
    }
    printf("move %d %d %ld %d %d %ld\n", move, flow, gap, lost, twice, stall);
}

int main(int argc, char **argv) {
    if (argc < 6) return fprintf(stderr, "usage: flows ADDRESS PORT RATE SECONDS SOURCE:PORT…\n"), 2;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    interval = 1000000000ll / atoi(argv[3]);
    capacity = atoi(argv[3]) * atoi(argv[4]);
    flow_count = argc - 5;
    flows = calloc(flow_count, sizeof *flows);
    times = zeroed(sizeof *times * capacity);
    for (int i = 0; i < flow_count; i++) open_flow(&flows[i], argv[5 + i], &to);
    static int64_t moves[MOVES][2];
    pthread_t receiver;
    pthread_create(&receiver, NULL, receive, NULL);
    printf("ready\n"), fflush(stdout);
    int found = send_all(moves);
    sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){0});
    usleep(STRAGGLERS / 1000);
    ended = 1;
    pthread_join(receiver, NULL);
    long sent = 0, lost = 0, twice = 0;
    for (int move = 0; move < found; move++)
        for (int flow = 0; flow < flow_count; flow++)
            report(move, flow, first_after(moves[move][0] - BEFORE), first_after(moves[move][1] + AFTER));
    for (int flow = 0; flow < flow_count; flow++)
        for (int i = 0; i < count; i++) {
            sent++;
            lost += flows[flow].answers[i] == 0;
            twice += flows[flow].answers[i] > 1;
        }
    printf("all %ld %ld %ld %.3f\n", sent, lost, twice, (times[count - 1] - times[0]) / 1e9);
    return 0;
}
