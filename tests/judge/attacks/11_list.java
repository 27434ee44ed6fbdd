import java.util.ArrayList;
import java.util.List;

/** A thousand million numbers, a million at a time, all of them kept. */
public class Main {
    public static void main(String[] words) {
        List<int[]> kept = new ArrayList<>();
        for (int count = 0; count < 1000; count++) {
            kept.add(new int[1_000_000]);
        }
        System.out.println(kept.size());
    }
}
