#include "CVectorHash.h"
