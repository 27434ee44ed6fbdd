// Each list of types is twice as long as the one before: 2^40 of them in all.
template <int Depth, typename... Words> struct List : List<Depth - 1, Words..., Words...> {
};
template <typename... Words> struct List<0, Words...> {
    static const int length = sizeof...(Words);
};

int main()
{
    return List<40, int>::length;
}
