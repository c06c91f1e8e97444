/* The page of C of the README, in a program that has another static library of Rust beside this one. Both are used. */

#define main quick_start
#include "../../../examples/c/quick_start.c"
#undef main

int second_answer(void);

int main(int argc, char **argv)
{
    if (second_answer() != 42) {
        return 3;
    }
    int code = quick_start(argc, argv);
    return second_answer() != 42 ? 3 : code;
}
