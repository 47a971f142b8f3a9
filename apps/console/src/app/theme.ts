import {
  Accordion,
  Badge,
  Button,
  createTheme,
  Drawer,
  Input,
  Modal,
  Paper,
  Table,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** Water at dusk: the one accent colour. Shade 8 carries white text at 5.9 : 1. */
const penstock: MantineColorsTuple = [
  '#e8f7f9',
  '#d3ecf0',
  '#a9dae1',
  '#7bc8d2',
  '#55b6c3',
  '#3aa5b4',
  '#2595a5',
  '#147f8e',
  '#0b6e7c',
  '#065864',
];

/** Dark surfaces with a little blue in them, from text to the deepest ground. */
const dark: MantineColorsTuple = [
  '#dfe5e9',
  '#b4c0c8',
  '#9daab4',
  '#6b7883',
  '#35414a',
  '#2b353c',
  '#1f272d',
  '#171d21',
  '#12171b',
  '#0c1013',
];

const dialogTitle = { fontWeight: 650, overflowWrap: 'anywhere' } as const;
const closeButton = { closeButtonProps: { 'aria-label': 'Close' } };

/** The look of the console. `primaryShade` and the named close buttons are what WCAG AA asks of Mantine's defaults. */
export const theme = createTheme({
  primaryColor: 'penstock',
  primaryShade: 8,
  autoContrast: true,
  colors: { penstock, dark },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.3' }, h2: { fontSize: '1.0625rem', lineHeight: '1.4' } },
  },
  components: {
    Accordion: Accordion.extend({
      styles: {
        item: { backgroundColor: 'var(--penstock-surface)', border: '1px solid var(--mantine-color-default-border)' },
        label: { fontSize: 'var(--mantine-font-size-sm)', fontWeight: 550 },
      },
    }),
    Badge: Badge.extend({ defaultProps: { radius: 'sm', tt: 'none', fw: 500 } }),
    Button: Button.extend({ defaultProps: { fw: 550 } }),
    // Descriptions below the input keep the inputs of a row on one line.
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
    }),
    Drawer: Drawer.extend({ defaultProps: closeButton, styles: { title: dialogTitle } }),
    Modal: Modal.extend({
      defaultProps: { ...closeButton, centered: true, overlayProps: { backgroundOpacity: 0.45 } },
      styles: { title: dialogTitle },
    }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'md' } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'md' } }),
    Tooltip: Tooltip.extend({ defaultProps: { events: { hover: true, focus: true, touch: true } } }),
  },
});

/** Text colours that keep a contrast of 4.5 : 1 on the page's backgrounds; Mantine's own stay below. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--penstock-canvas': '#f6f8f9',
    '--penstock-surface': '#ffffff',
    '--mantine-color-text': '#1b2329',
    '--mantine-color-bright': '#10171c',
    '--mantine-color-dimmed': '#55606b',
    '--mantine-color-disabled': '#eef1f3',
    '--mantine-color-disabled-color': '#5d6873',
    '--mantine-color-error': '#b42318',
    '--mantine-color-default-border': '#dfe4e8',
    '--mantine-color-anchor': '#0b6e7c',
    '--mantine-color-penstock-light': '#e3f3f5',
    '--mantine-color-penstock-light-color': '#065864',
    '--mantine-color-red-light': '#fdeded',
    '--mantine-color-yellow-light': '#fdf4dc',
    '--mantine-color-green-light': '#e7f6eb',
    '--mantine-color-red-light-color': '#a61b1b',
    '--mantine-color-yellow-light-color': '#7a4b00',
    '--mantine-color-green-light-color': '#1c6b2f',
    '--mantine-color-red-outline': '#b42318',
  },
  dark: {
    '--mantine-color-body': '#14191d',
    '--penstock-canvas': '#0f1316',
    '--penstock-surface': '#171d21',
    '--mantine-color-text': '#dfe5e9',
    '--mantine-color-bright': '#f4f7f9',
    '--mantine-color-dimmed': '#9daab4',
    '--mantine-color-disabled': '#1b2227',
    '--mantine-color-disabled-color': '#8794a0',
    '--mantine-color-placeholder': '#8794a0',
    '--mantine-color-error': '#ff8f85',
    '--mantine-color-default': '#1b2227',
    '--mantine-color-default-hover': '#222a30',
    '--mantine-color-default-border': '#2b353c',
    '--mantine-color-anchor': '#7bc8d2',
    '--mantine-color-penstock-light': '#11313a',
    '--mantine-color-penstock-light-color': '#9bdbe4',
    '--mantine-color-red-light': '#331c1d',
    '--mantine-color-yellow-light': '#302713',
    '--mantine-color-green-light': '#16291d',
    '--mantine-color-red-light-color': '#ffa8a0',
    '--mantine-color-yellow-light-color': '#ffd777',
    '--mantine-color-green-light-color': '#8ce0a0',
    '--mantine-color-red-outline': '#ff8f85',
  },
});
