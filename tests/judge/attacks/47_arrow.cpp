// An arrow that leads to another type, which has an arrow, which leads to another type.
template <typename T> struct Far {
    Far<T *> operator->() const { return {}; }
};

int main()
{
    Far<int> far;
    return far->way;
}
