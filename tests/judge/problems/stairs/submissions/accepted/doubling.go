package main

import "fmt"

const modulus = 1_000_000_007

// pair gives the n-th Fibonacci number and the one after it.
func pair(n int64) (int64, int64) {
	if n == 0 {
		return 0, 1
	}
	low, high := pair(n / 2)
	even := low * ((2*high - low + modulus) % modulus) % modulus
	odd := (low*low + high*high) % modulus
	if n%2 == 1 {
		return odd, (even + odd) % modulus
	}
	return even, odd
}

func main() {
	var n int64
	fmt.Scan(&n)
	ways, _ := pair(n + 1)
	fmt.Println(ways)
}
