// The bench's elements: pixels, kernel, products, the ledger; the head's curve and the output.

const value = (id, label) => `<span class="value weight" id="${id}" tabindex="0" role="spinbutton" aria-label="${label}"><span class="num"></span></span>`;

export const BENCH = `
  <div class="sum">
    <div><div class="bar"><h2>Pixels</h2><input class="index end" id="index" type="text" inputmode="numeric" autocomplete="off" aria-label="Pattern index"></div>
      <div class="nine" id="px" role="group" aria-label="Pixels, 3 by 3"></div></div>
    <span class="op" aria-hidden="true">×</span>
    <div><div class="bar"><h2 id="kernelName">Kernel</h2><small class="end" id="scale"></small></div>
      <div class="nine" id="kernel" role="group" aria-label="Kernel, 3 by 3"></div></div>
    <span class="op eq" aria-hidden="true">=</span>
    <div class="products"><div class="bar"><h2>Products</h2></div><div class="nine" id="products" role="img" aria-label="Products"></div></div>
    <span class="op to" aria-hidden="true">→</span>
    <div><div class="bar"><h2>Pre-activation</h2></div><div class="ledger" id="ledger" role="group" aria-label="Pre-activation">
      <div><span class="term">Σ products</span><span class="value" id="lSum"></span></div>
      <div><span class="term" id="tB">+ bias</span>${value("lB", "Bias")}</div>
      <div class="total second"><span class="term">= sum</span><span class="value" id="lS"></span></div>
      <div class="second"><span class="term" id="tW">× w₂</span>${value("lW", "Weight of the 1x1 convolution")}</div>
      <div class="second"><span class="term" id="tC">+ b₂</span>${value("lC", "Bias of the 1x1 convolution")}</div>
      <div class="total z"><span class="term">= z</span><span class="value" id="lZ"></span></div></div></div>
    <p class="told" id="told" role="status"></p>
  </div>
  <div class="head">
    <div><div class="bar"><h2 id="headName"></h2><small class="end" id="slope"></small></div><canvas id="curve" role="img"></canvas></div>
    <div><div class="bar"><h2>Output</h2></div><div class="verdict"><output id="out"></output><b id="verdict"></b><span class="mark" id="mark"></span></div></div>
  </div>`;
