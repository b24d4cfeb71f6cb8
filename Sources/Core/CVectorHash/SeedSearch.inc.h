// One instance of the search for one vector width. Before including, define TARGET as the attribute that selects the
// instructions, LANES as the number of seeds in a turn, and SEARCH as the name of the function that is defined here.

#ifndef CLUSTERIP_FOUND
#define CLUSTERIP_FOUND

/// Seeds that agree, and how many there are, with those that had no room.
struct clusterip_found {
    uint32_t *seeds;
    size_t room, count;
};

static void take(struct clusterip_found *found, uint32_t seed)
{
    if (found->count < found->room)
        found->seeds[found->count] = seed;
    found->count++;
}

#endif

typedef uint32_t PASTE(SEARCH, _words) __attribute__((vector_size(LANES * 4)));
#define WORDS PASTE(SEARCH, _words)

/// All but the search is known when it is compiled. Where none may disagree most turns end after one or two connections,
/// because by then none of their seeds agrees.
static inline __attribute__((always_inline)) TARGET uint64_t PASTE(SEARCH, _loop)(
    const struct clusterip_search *search, uint32_t first, uint64_t seeds, struct clusterip_found *found,
    bool seeds_all_words, bool lookup2)
{
    WORDS seed = {0};
    for (uint32_t lane = 0; lane < LANES; lane++)
        seed[lane] = first + lane;
    uint64_t i = 0;
    for (; seeds - i >= LANES; i += LANES, seed += LANES) {
        WORDS alive = ~(WORDS){0}, misses = {0};
        for (size_t k = 0; k < search->count && __builtin_reduce_or(alive) != 0; k++) {
            const struct clusterip_evidence *evidence = search->evidence + k;
            WORDS a = {0}, b = {0}, c = seed + evidence->start[2];
            a += evidence->start[0];
            b += evidence->start[1];
            if (seeds_all_words) {
                a += seed;
                b += seed;
            }
            if (lookup2)
                LOOKUP2_MIX(a, b, c);
            else
                LOOKUP3_FINAL(a, b, c);
            misses -= (WORDS)(c - evidence->low >= evidence->span);
            alive = (WORDS)(misses <= search->tolerated);
        }
        if (__builtin_reduce_or(alive) == 0)
            continue;
        for (uint32_t lane = 0; lane < LANES; lane++) {
            if (alive[lane] != 0)
                take(found, seed[lane]);
        }
    }
    return i;
}

/// Tries whole vectors of seeds; returns how many seeds were tried. The rest is less than a vector.
TARGET static uint64_t SEARCH(
    const struct clusterip_search *search, uint32_t first, uint64_t seeds, struct clusterip_found *found)
{
    if (search->lookup2)
        return PASTE(SEARCH, _loop)(search, first, seeds, found, false, true);
    if (search->seeds_all_words)
        return PASTE(SEARCH, _loop)(search, first, seeds, found, true, false);
    return PASTE(SEARCH, _loop)(search, first, seeds, found, false, false);
}

#undef WORDS
#undef TARGET
#undef LANES
#undef SEARCH
