// What a page shows of the picture in it: see Shown of test/cli/pictures.test.ts.
(() => {
  const svg = document.querySelector("svg");
  if (svg === null) throw new Error("the page has no picture");
  const { width, height } = svg.viewBox.baseVal;
  const texts = [...svg.querySelectorAll("text")].map((element) => ({
    text: element.textContent ?? "",
    box: element.getBBox(),
  }));
  const share = (a, along, b, across) => Math.min(a + along, b + across) - Math.max(a, b);
  const overlapping = texts.flatMap(({ text, box }, index) =>
    texts.slice(0, index).flatMap((other) => {
      const wide = share(box.x, box.width, other.box.x, other.box.width);
      const high = share(box.y, box.height, other.box.y, other.box.height);
      return wide > 0.5 && high > 0.5 ? [`${text} / ${other.text}`] : [];
    }),
  );
  const outside = texts.flatMap(({ text, box }) =>
    box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height ? [text] : [],
  );
  const colourOf = (selector) => {
    const element = svg.querySelector(selector);
    return element === null ? "" : getComputedStyle(element).fill;
  };
  return { overlapping, outside, texts: texts.length, background: colourOf("rect.bg"), ink: colourOf("text.name") };
})();
