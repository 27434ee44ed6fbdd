/** A thousand million numbers. */
public class Main {
    public static void main(String[] words) {
        int[] numbers = new int[1_000_000_000];
        System.out.println(numbers.length);
    }
}
