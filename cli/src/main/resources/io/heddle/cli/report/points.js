(() => {
  // What the map shows: the coordinates, kinds and names of all points, unpacked from what the page holds.
  const {data} = globalThis.heddle;
  const NONE = 65535;

  const unpack = async text => {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) {
      bytes[i] = raw.charCodeAt(i);
    }
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate')));
  };
  // Two bytes each, the low ones first, whatever the processor is.
  const numbers = async text => {
    const view = new DataView(await (await unpack(text)).arrayBuffer());
    return Uint16Array.from({length: view.byteLength / 2}, (_, i) => view.getUint16(2 * i, true));
  };
  const wide = async text => {
    const view = new DataView(await (await unpack(text)).arrayBuffer());
    return Int32Array.from({length: view.byteLength / 4}, (_, i) => view.getInt32(4 * i, true));
  };

  // A study holds the points of its map as they are.
  const plain = () => {
    const axis = j => {
      const all = data.scatter.map(p => p[j]);
      const low = Math.min(...all);
      return all.map(v => v - low);
    };
    const [x, y] = [axis(0), axis(1)];
    const scale = 65535 / Math.max(...x, ...y, 1e-9);
    return {
      n: data.scatter.length,
      layouts: [{id: 'components', x: x.map(v => v * scale), y: y.map(v => v * scale)}],
      label: data.scatter.map(p => p[2]), group: () => data.scatter.map(p => p[3]), item: i => data.scatter[i][4],
      row: () => -1, name: i => data.names[data.scatter[i][4]], numbered: false,
    };
  };

  const packed = async () => {
    const {map} = data;
    const optional = async (text, read = numbers) => text ? read(text) : null;
    const [rows, label, group, suggested, value, names] = await Promise.all([
      optional(map.rows, wide), optional(map.label), optional(map.group), optional(map.suggested), optional(map.value),
      map.names ? unpack(map.names).then(r => r.json()) : null,
    ]);
    // How many rows lie in each cell of a grid, and of what most of them are, where there are too many for points.
    const density = async l => {
      const [counts, label, group, value] = await Promise.all([wide(l.counts), optional(l.label), optional(l.group), optional(l.value)]);
      return {side: map.side, counts, most: counts.reduce((a, b) => Math.max(a, b), 1), label, group, value};
    };
    const layouts = await Promise.all(map.layouts.map(async l => {
      const [x, y, cells] = await Promise.all([numbers(l.x), numbers(l.y), l.counts ? density(l) : null]);
      return {id: l.id, x, y, density: cells};
    }));
    const items = new Map(data.rows.map((row, i) => [row, i]));
    const row = i => rows ? rows[i] : i;
    return {
      n: map.n, placed: map.placed || map.n, layouts, label, group: group && (() => group), suggested, value, valueName: map.valueName,
      row, numbered: true, name: i => names ? names[i] : '', item: i => items.get(row(i)) ?? -1,
    };
  };
  globalThis.heddle.points = async () => data.map ? packed() : data.scatter ? plain() : null;
  globalThis.heddle.NONE = NONE;
})();
