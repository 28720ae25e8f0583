(() => {
  // The data of the map: coordinates, categories and names of all points, unpacked from the page.
  const {data, imageName, unpack} = globalThis.heddle;
  const NONE = 65535;

  // Two bytes each, little-endian on every processor.
  const shorts = buffer => {
    const view = new DataView(buffer);
    return Uint16Array.from({length: view.byteLength / 2}, (_, i) => view.getUint16(2 * i, true));
  };
  const numbers = async text => shorts(await (await unpack(text)).arrayBuffer());
  // One or two bytes each; in one byte, 255 is a missing value.
  const kinds = async (text, n) => {
    const buffer = await (await unpack(text)).arrayBuffer();
    return buffer.byteLength === n ? Uint16Array.from(new Uint8Array(buffer), v => v === 255 ? NONE : v) : shorts(buffer);
  };
  // One byte each, from 0 to 254, as 16-bit numbers; 255 is a missing value.
  const bytes = async text => Uint16Array.from(new Uint8Array(await (await unpack(text)).arrayBuffer()), v => v === 255 ? NONE : v * 257);
  const wide = async text => {
    const view = new DataView(await (await unpack(text)).arrayBuffer());
    return Int32Array.from({length: view.byteLength / 4}, (_, i) => view.getInt32(4 * i, true));
  };

  const packed = async () => {
    const {map} = data;
    const optional = async (text, read = t => kinds(t, map.n)) => text ? read(text) : null;
    const ofCells = t => kinds(t, map.side * map.side);
    const [rows, label, group, suggested, value, names] = await Promise.all([
      optional(map.rows, wide), optional(map.label), optional(map.group), optional(map.suggested), optional(map.value, bytes),
      map.names ? unpack(map.names).then(r => r.json()) : null,
    ]);
    // For too many rows for points: the number of rows in each cell of a grid, and their most frequent category.
    const density = async l => {
      const [counts, label, group, value] = await Promise.all([wide(l.counts), optional(l.label, ofCells), optional(l.group, ofCells), optional(l.value, bytes)]);
      return {side: map.side, counts, most: counts.reduce((a, b) => Math.max(a, b), 1), label, group, value};
    };
    const layouts = await Promise.all(map.layouts.map(async l => {
      const [x, y, cells] = await Promise.all([numbers(l.x), numbers(l.y), l.counts ? density(l) : null]);
      return {id: l.id, x, y, density: cells};
    }));
    // In a study, the clusters by each method, and the predictions of each classifier.
    const each = async kind => Object.fromEntries(await Promise.all(Object.keys(map).filter(key => key.startsWith(kind + '-'))
      .map(async key => [key.slice(kind.length + 1), await kinds(map[key], map.n)])));
    const [groups, predicted] = await Promise.all([each('group'), each('predicted')]);
    const grouped = way => data.ways ? groups[way || data.way] : group;
    const items = new Map(data.rows.map((row, i) => [row, i]));
    const row = i => rows ? rows[i] : i;
    return {
      n: map.n, placed: map.placed || map.n, layouts, label, group: group || data.ways ? grouped : null, suggested, value, valueName: map.valueName,
      // The predicted class of each item, by a table of pairs of classes.
      pairs: table => table === 'audit' ? suggested : predicted[table],
      row, name: i => names ? names[i] : imageName(row(i)), item: i => items.get(row(i)) ?? -1,
    };
  };
  globalThis.heddle.points = async () => data.map ? packed() : null;
  globalThis.heddle.NONE = NONE;
})();
