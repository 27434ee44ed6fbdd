import java.util.Scanner;

public class Look {
    public static void main(String[] arguments) {
        Scanner input = new Scanner(System.in);
        int lanterns = input.nextInt(), seen = 0;
        for (long highest = 0; lanterns > 0; lanterns--) {
            long height = input.nextLong();
            if (height > highest) {
                highest = height;
                seen++;
            }
        }
        System.out.println(seen);
    }
}
