import {
  ActionIcon,
  Button,
  Checkbox,
  createTheme,
  Input,
  ModalOverlay,
  ModalRoot,
  SegmentedControl,
  Select,
  Tabs,
  Textarea,
  TextInput,
  Tooltip,
  type MantineColorsTuple,
} from '@mantine/core';

/** One accent: the ink of a signature. Shades 6 and 2 are what light and dark show (see tokens.css). */
const ink: MantineColorsTuple = [
  '#eef1fc',
  '#e6ebfb',
  '#b4c3ff',
  '#93a9ff',
  '#6f88ee',
  '#4a64d4',
  '#2a47b8',
  '#243ea3',
  '#1f3690',
  '#182a70',
];

/** Mantine's neutrals, in the house's own tones: borders of fields keep 3:1 against their ground. */
const gray: MantineColorsTuple = ['#f7f8fa', '#f0f2f5', '#e9ecf1', '#dfe3e9', '#858e9c', '#6f7987', '#535d6c', '#3d4653', '#272e38', '#12161d'];
const dark: MantineColorsTuple = ['#e7eaef', '#b7bfca', '#9da7b5', '#7f8a9a', '#6b7686', '#29313c', '#151a21', '#0e1116', '#0b0e12', '#08090c'];

/** Mantine, made to look like the house: dense, flat, one accent. Colours come from tokens.css. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 3 },
  colors: { accent: ink, gray, dark },
  fontFamily: "'Inter Variable', system-ui, 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '12px', sm: '13.5px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 6,
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 30 } }),
    Button: Button.extend({ defaultProps: { size: 'xs', variant: 'default' }, styles: { label: { fontWeight: 560 } } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs' } }),
    Input: Input.extend({ defaultProps: { size: 'xs' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'xs', autosize: true, minRows: 2, maxRows: 10 } }),
    Select: Select.extend({ defaultProps: { size: 'xs', allowDeselect: false, comboboxProps: { shadow: 'sm' } } }),
    ModalRoot: ModalRoot.extend({
      defaultProps: { centered: true, radius: 10, transitionProps: { duration: 120 } },
    }),
    ModalOverlay: ModalOverlay.extend({ defaultProps: { backgroundOpacity: 0.45 } }),
    SegmentedControl: SegmentedControl.extend({ styles: { root: { background: 'var(--quiet-soft)' }, indicator: { background: 'var(--surface)' }, label: { paddingInline: 10 } } }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: false, events: { hover: true, focus: true, touch: false } } }),
  },
});
