// The peer of the console: the least an ncurses program does to fill the screen with numbers and to move in it.
//   cc -O2 -o grid grid.c -lncursesw -ltinfo && ./grid
// Every second all numbers change; j and k move the marked row, q quits.
#include <curses.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

static void draw(int marked) {
    for (int y = 0; y < LINES; y++) {
        attr_set(y == marked ? A_REVERSE : A_NORMAL, 0, 0);
        for (int x = 0; x + 7 <= COLS; x += 7) mvprintw(y, x, "%6d ", rand() % 1000000);
    }
    refresh();
}

static long milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(void) {
    initscr();
    noecho();
    curs_set(0);
    nodelay(stdscr, TRUE);
    unsigned seed = 1;
    int marked = 0;
    for (long next = milliseconds();;) {
        long left = next - milliseconds();
        if (left <= 0) seed++, next += 1000, left = next - milliseconds();
        srand(seed);
        draw(marked);
        struct pollfd input = {.fd = 0, .events = POLLIN};
        if (poll(&input, 1, left > 0 ? left : 0) <= 0) continue;
        int key = getch();
        if (key == 'q' || key == ERR) break;
        if (key == 'j' && marked < LINES - 1) marked++;
        if (key == 'k' && marked > 0) marked--;
    }
    endwin();
}
