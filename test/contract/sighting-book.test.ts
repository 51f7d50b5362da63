import { memoryBook } from "../fakes/memory-sighting-book.ts";
import { sightingBookContract } from "./sighting-book-contract.ts";

sightingBookContract("in memory", async () => {
  const book = memoryBook();
  return await Promise.resolve({ open: () => book });
});
