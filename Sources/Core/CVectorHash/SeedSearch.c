// Finds the seeds that explain marks: one connection is hashed with many seeds at once.

#include "CVectorHash.h"
#include "Mixes.h"

#define TARGET
#define LANES 8
#define SEARCH search_base
#include "SeedSearch.inc.h"

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2")))
#define LANES 16
#define SEARCH search_avx2
#include "SeedSearch.inc.h"

#define TARGET __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl"), min_vector_width(512)))
#define LANES 32
#define SEARCH search_avx512
#include "SeedSearch.inc.h"

static uint64_t search_vectors(
    const struct clusterip_search *search, uint32_t first, uint64_t seeds, struct clusterip_found *found,
    enum clusterip_width width)
{
    switch (width) {
    case CLUSTERIP_WIDTH_AVX512:
        return search_avx512(search, first, seeds, found);
    case CLUSTERIP_WIDTH_AVX2:
        return search_avx2(search, first, seeds, found);
    default:
        return search_base(search, first, seeds, found);
    }
}

#else

static uint64_t search_vectors(
    const struct clusterip_search *search, uint32_t first, uint64_t seeds, struct clusterip_found *found,
    enum clusterip_width width)
{
    (void)width;
    return search_base(search, first, seeds, found);
}

#endif

static bool agrees(const struct clusterip_search *search, uint32_t seed)
{
    uint32_t misses = 0;
    for (size_t k = 0; k < search->count; k++) {
        const struct clusterip_evidence *evidence = search->evidence + k;
        const uint32_t others = search->seeds_all_words ? seed : 0;
        uint32_t a = evidence->start[0] + others, b = evidence->start[1] + others, c = evidence->start[2] + seed;
        if (search->lookup2)
            LOOKUP2_MIX(a, b, c);
        else
            LOOKUP3_FINAL(a, b, c);
        misses += c - evidence->low >= evidence->span;
        if (misses > search->tolerated)
            return false;
    }
    return true;
}

size_t clusterip_search_seeds(
    const struct clusterip_search *search, uint32_t first, uint64_t seeds, uint32_t *found, size_t room,
    enum clusterip_width width)
{
    struct clusterip_found results = {found, room, 0};
    for (uint64_t i = search_vectors(search, first, seeds, &results, width); i < seeds; i++) {
        const uint32_t seed = first + (uint32_t)i;
        if (agrees(search, seed))
            take(&results, seed);
    }
    return results.count;
}
