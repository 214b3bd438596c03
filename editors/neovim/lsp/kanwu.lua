-- kanwu as a language server of Neovim 0.11 and later; docs/editors.md tells where this file goes.
return {
  cmd = { 'kanwu', 'lsp' },
  filetypes = { 'text', 'markdown' },
  root_markers = { 'kanwu.toml', '.kanwu', '.git' },
  settings = {
    kanwu = {
      -- level = 'hint', lang = 'zh', reviewer = '王', …: see docs/editors.md
    },
  },
}
