import { describeStore, type StoreUnderTest } from "./store-contract.ts";
import { objectKey, openObjectsInItems, strangersItem } from "./objects-in-items.ts";
import { serveTable, tableName } from "./served-table.ts";

async function factory(): Promise<StoreUnderTest> {
  const served = await serveTable({ key: objectKey });
  const { dynamodb } = served.sandbox;
  return {
    store: openObjectsInItems({ table: tableName, wire: async () => await served.wire(), runtime: served.runtime }),
    forceStranger: async (key, bytes) => {
      if (bytes) dynamodb.put(tableName, strangersItem(key, bytes));
      else dynamodb.remove(tableName, { id: { S: key } });
      await Promise.resolve();
    },
    close: async () => await served.close(),
  };
}

describeStore("a table of the sandbox's", factory, { largeBodies: "an item has at most 400 KB" });
